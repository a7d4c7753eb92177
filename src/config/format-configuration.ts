/** Owns the text of a configuration as its file would say it, with every key, so that people see what applies. */
import { stringify } from 'yaml'
import type { Configuration } from './configuration.ts'

/** YAML that, read again, gives the same configuration. */
export const formatConfiguration = (configuration: Configuration): string =>
  stringify(Object.fromEntries(Object.entries(configuration).map(([key, value]) => [toSnakeCase(key), value])))

const toSnakeCase = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
