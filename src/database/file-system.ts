/** Owns telling on what kind of file system a path lies, as far as it matters for a database. */
import { statfsSync } from 'node:fs'

export type FileSystem = 'disk' | 'network' | 'memory'

/** By Linux's numbers: https://man7.org/linux/man-pages/man2/statfs.2.html */
const kinds = new Map<number, FileSystem>([
  [0x6969, 'network'], // NFS
  [0x517b, 'network'], // SMB
  [0xff534d42, 'network'], // CIFS
  [0xfe534d42, 'network'], // SMB 2
  [0x5346414f, 'network'], // AFS
  [0x00c36400, 'network'], // Ceph
  [0x73757245, 'network'], // Coda
  [0x01021994, 'memory'], // tmpfs
  [0x858458f6, 'memory'], // ramfs
])

/** Gives the number of the file system of a path that exists. */
export type ReadType = (path: string) => number

/** Where the number means nothing to us, it is taken for a disk. Throws when the path does not exist. */
export const fileSystemOf = (path: string, readType: ReadType = (one) => statfsSync(one).type): FileSystem =>
  // The number is signed where its highest bit is set.
  process.platform === 'linux' ? (kinds.get(readType(path) >>> 0) ?? 'disk') : 'disk'
