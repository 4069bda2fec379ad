/** Where something listens or is reached. `host` has no brackets; empty stands for all addresses of the machine. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

const largestPort = 65_535;

/**
 * Reads `host:port`; an IPv6 address stands in brackets (`[::1]:7070`), since its own colons would be taken for the port's.
 * Undefined for everything else.
 */
export function parseHostPort(text: string): HostPort | undefined {
  const match = /^(?:\[([0-9a-f:.]+(?:%[^\]]+)?)\]|([^:[\]\s]*)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > largestPort) return undefined;
  return { host: match[1] ?? match[2] ?? '', port };
}

/** `host:port`, IPv6 in brackets. */
export function formatHostPort(host: string, port: number): string {
  return isIpv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Only processes of this machine reach it. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    /^(::ffff:)?127(\.\d{1,3}){3}$/i.test(host) ||
    /^(0{0,4}:){2,7}0{0,3}1$/.test(host)
  );
}

/** All addresses of the machine: nobody can be told to go there. */
function isEveryAddress(host: string): boolean {
  return host === '' || host === '0.0.0.0' || /^[0:]+$/.test(host);
}

/**
 * The address at which others reach a server.
 * @param wish `host` or `host:port`, IPv6 with brackets or, without a port, bare; empty or left out: what it listens on
 * @param machine the host's name, for a server that listens on all addresses
 * @throws RangeError for a wish that is no address
 */
export function advertisedAddress(wish: string | undefined, listening: HostPort, machine: string): string {
  if (wish === undefined || wish === '') {
    return formatHostPort(isEveryAddress(listening.host) ? machine : listening.host, listening.port);
  }
  const whole = parseHostPort(wish);
  if (whole !== undefined && whole.host !== '') return formatHostPort(whole.host, whole.port);
  const host = wish.replace(/^\[(.*)\]$/, '$1');
  const isAddress = isIpv6(host)
    ? /^[0-9a-f:.]+(%\S+)?$/i.test(host)
    : host === wish && /^[^:[\]\s]+$/.test(host);
  if (!isAddress) throw new RangeError(`'${wish}' is neither host nor host:port`);
  return formatHostPort(host, listening.port);
}

function isIpv6(host: string): boolean {
  return host.split(':').length > 2;
}
