/** Owns the guess at which environment a place of the settings is for, by the names of its file and class. */
import type { Node } from '../python/syntax.ts'
import { ancestors } from '../python/walk.ts'
import type { ProjectFile } from './project-file.ts'

/** `shared` is what every environment starts from, or what no name tells apart. */
export type Environment = 'development' | 'production' | 'shared'

const developmentWords = new Set(
  'ci compose debug demo dev devel develop development docker docs e2e example examples fixtures integration local localhost sample samples test testing tests'.split(
    ' ',
  ),
)
const productionWords = new Set('deploy deployment heroku live prod production staging'.split(' '))

/** The environment that a node is for: a class around it tells more than the name of its file. */
export function environmentOf(file: ProjectFile, node: Node): Environment {
  for (const up of ancestors(node)) {
    const environment = up.kind === 'class' ? namedIn(up.name) : 'shared'
    if (environment !== 'shared') return environment
  }
  return namedIn(file.path)
}

function namedIn(name: string): Environment {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  if (words.some((word) => developmentWords.has(word))) return 'development'
  return words.some((word) => productionWords.has(word)) ? 'production' : 'shared'
}
