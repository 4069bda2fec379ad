/**
 * What a caller must be to call a method: `viewer` sees pipelines, `operator` runs them, `admin` makes and removes them, `data` sees
 * rows, `controller` and `worker` are processes of the cluster, `anyone` needs no login. Of several one will do. Nothing enforces them
 * yet: every caller is anonymous.
 */
export type Role = 'anyone' | 'viewer' | 'operator' | 'admin' | 'data' | 'controller' | 'worker';

const pipelines = 'weir.v1.PipelineService';
const connections = 'weir.v1.ConnectionService';
const schemas = 'weir.v1.SchemaService';
const workers = 'weir.internal.v1.WorkerService';
const exchange = 'weir.internal.v1.ExchangeService';

/** Every method of every .proto (a test compares), and those of gRPC's own services that our servers have. */
export const methodRoles: Readonly<Record<string, readonly Role[]>> = {
  [`${pipelines}/ValidatePipeline`]: ['viewer', 'operator', 'admin'],
  [`${pipelines}/CreatePipeline`]: ['admin'],
  [`${pipelines}/StartPipeline`]: ['operator', 'admin'],
  [`${pipelines}/StopPipeline`]: ['operator', 'admin'],
  [`${pipelines}/RestartPipeline`]: ['operator', 'admin'],
  [`${pipelines}/RescalePipeline`]: ['operator', 'admin'],
  [`${pipelines}/ResolvePipeline`]: ['operator', 'admin'],
  [`${pipelines}/GetPipeline`]: ['viewer', 'operator', 'admin'],
  [`${pipelines}/ListPipelines`]: ['viewer', 'operator', 'admin'],
  [`${pipelines}/WatchPipeline`]: ['viewer', 'operator', 'admin'],
  [`${pipelines}/DeletePipeline`]: ['admin'],
  [`${pipelines}/TailPipeline`]: ['data'],
  [`${connections}/PutProfile`]: ['admin'],
  [`${connections}/GetProfile`]: ['viewer', 'operator', 'admin'],
  [`${connections}/ListProfiles`]: ['viewer', 'operator', 'admin'],
  [`${connections}/DeleteProfile`]: ['admin'],
  [`${connections}/TestProfile`]: ['admin'],
  [`${connections}/TestTable`]: ['data'],
  [`${connections}/PutTable`]: ['admin'],
  [`${connections}/GetTable`]: ['viewer', 'operator', 'admin'],
  [`${connections}/ListTables`]: ['viewer', 'operator', 'admin'],
  [`${connections}/DeleteTable`]: ['admin'],
  [`${connections}/ApplyDefinitions`]: ['admin'],
  'weir.v1.CheckpointService/ListCheckpoints': ['viewer', 'operator', 'admin'],
  'weir.v1.ClusterService/GetCluster': ['viewer', 'operator', 'admin'],
  [`${schemas}/InferTable`]: ['viewer', 'operator', 'admin', 'controller'],
  [`${schemas}/DecodeSample`]: ['viewer', 'operator', 'admin', 'controller'],
  [`${schemas}/ListConnectors`]: ['viewer', 'operator', 'admin', 'controller'],
  [`${schemas}/ValidateTables`]: ['viewer', 'operator', 'admin', 'controller'],
  [`${schemas}/GetWriterSchema`]: ['controller', 'worker'],
  [`${schemas}/CheckCompatibility`]: ['viewer', 'operator', 'admin', 'controller'],
  [`${schemas}/RegisterSink`]: ['controller'],
  [`${schemas}/ValidateProfile`]: ['controller'],
  [`${schemas}/TestTable`]: ['controller'],
  [`${schemas}/ListSubjects`]: ['viewer', 'operator', 'admin'],
  [`${schemas}/GetSubject`]: ['viewer', 'operator', 'admin'],
  [`${schemas}/ResolveReader`]: ['viewer', 'operator', 'admin', 'controller'],
  [`${workers}/StartTasks`]: ['controller'],
  [`${workers}/CancelTasks`]: ['controller'],
  [`${workers}/WatchTasks`]: ['controller'],
  [`${workers}/TailOutput`]: ['controller'],
  [`${exchange}/PullFrames`]: ['worker'],
  [`${exchange}/GrantCredits`]: ['worker'],
  'grpc.health.v1.Health/Check': ['anyone'],
  'grpc.health.v1.Health/Watch': ['anyone'],
  'grpc.reflection.v1.ServerReflection/ServerReflectionInfo': ['viewer', 'operator', 'admin'],
  'grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo': ['viewer', 'operator', 'admin'],
};
