/** Owns what a repository's configuration asks of the engine. */
import type { EngineSettings } from '../engine/settings.ts'
import type { Configuration, RuleLevel } from './configuration.ts'

export const engineSettingsOf = ({ rules, preview, paths, roots, taskDecorators }: Configuration): EngineSettings => ({
  preview,
  severities: new Map(Object.entries(rules) as [string, RuleLevel][]),
  ignorePaths: paths.ignore,
  roots,
  taskDecorators,
})
