import type { ErrorCode } from '@weir/kernel/errors.ts';

/**
 * Every diagnostic that the compiler can raise, by name. Codes are stable: one that is gone is never used again.
 * 10xx text and syntax, 11xx statements and tables, 12xx names, 13xx types and functions, 14xx queries, 15xx windows and
 * event time, 16xx rows that are updated, 19xx features that are not planned yet. A golden file holds each.
 */
export const diagnosticCodes = {
  unexpectedCharacter: 'WEIR-1001',
  unterminatedString: 'WEIR-1002',
  unterminatedComment: 'WEIR-1003',
  badNumber: 'WEIR-1004',
  badEscape: 'WEIR-1005',
  unexpectedToken: 'WEIR-1010',
  unknownStatement: 'WEIR-1011',
  reservedWord: 'WEIR-1012',
  repeatedClause: 'WEIR-1013',
  nestedTooDeep: 'WEIR-1014',
  foreignStatement: 'WEIR-1015',
  badType: 'WEIR-1016',
  badInterval: 'WEIR-1017',

  tableExists: 'WEIR-1101',
  columnExists: 'WEIR-1102',
  missingConnector: 'WEIR-1103',
  unknownConnector: 'WEIR-1104',
  badOption: 'WEIR-1105',
  missingColumns: 'WEIR-1106',
  badSetting: 'WEIR-1107',
  notAReadableTable: 'WEIR-1108',
  notAWritableTable: 'WEIR-1109',
  badMetadata: 'WEIR-1110',
  repeatedOption: 'WEIR-1111',
  nothingToRun: 'WEIR-1112',
  badConstraint: 'WEIR-1113',
  unusedTable: 'WEIR-1114',
  badProfile: 'WEIR-1115',

  unknownTable: 'WEIR-1201',
  unknownColumn: 'WEIR-1202',
  ambiguousColumn: 'WEIR-1203',
  unknownFunction: 'WEIR-1204',
  unknownField: 'WEIR-1205',
  repeatedAlias: 'WEIR-1206',
  recursiveView: 'WEIR-1207',

  typeMismatch: 'WEIR-1301',
  noSuchOverload: 'WEIR-1302',
  badCast: 'WEIR-1303',
  badLiteral: 'WEIR-1304',
  overflow: 'WEIR-1305',
  wrongArguments: 'WEIR-1306',
  invalidConstant: 'WEIR-1307',
  assignmentMismatch: 'WEIR-1308',
  columnCount: 'WEIR-1309',
  nullAssignment: 'WEIR-1310',
  unwritableColumn: 'WEIR-1311',
  unreadableColumn: 'WEIR-1312',

  aggregateNotAllowed: 'WEIR-1401',
  notGrouped: 'WEIR-1402',
  badOrdinal: 'WEIR-1403',
  unionMismatch: 'WEIR-1404',
  windowNotAllowed: 'WEIR-1405',
  starNotAllowed: 'WEIR-1406',
  notInNulls: 'WEIR-1408',

  noEventTime: 'WEIR-1501',
  badEventTime: 'WEIR-1502',
  badWindow: 'WEIR-1503',
  badWatermark: 'WEIR-1504',
  recordTime: 'WEIR-1505',

  updatesIntoSink: 'WEIR-1601',
  updatesIntoOperator: 'WEIR-1602',
  keyNotWritten: 'WEIR-1603',
  orderWithoutBound: 'WEIR-1605',
  updatesIntoAggregate: 'WEIR-1604',

  notPlanned: 'WEIR-1901',
} as const satisfies Readonly<Record<string, ErrorCode>>;

export type DiagnosticName = keyof typeof diagnosticCodes;
