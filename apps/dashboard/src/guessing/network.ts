import ipaddr from 'ipaddr.js';

const HOUSEHOLD_BITS = 64;

/**
 * The network a caller can change addresses within at will: the address itself for IPv4, the /64 for IPv6.
 *
 * @returns `unknown` for what is no address
 */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const network = ipaddr.IPv6.networkAddressFromCIDR(`${withoutZone(address)}/${HOUSEHOLD_BITS}`);
  return `${network.toString()}/${HOUSEHOLD_BITS}`;
}

function withoutZone(address: string): string {
  return address.split('%', 1)[0] as string;
}
