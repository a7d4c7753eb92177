/**
 * Owns the schema of `.github/celery-review.yml` and what each key means. Reading the file is left to whoever holds the
 * commit: it is the merge base's file that counts, never the head's, so that a pull request cannot switch off its own review.
 */
import { z } from 'zod'
import { type Severity, severities } from '../core/finding.ts'
import { alternativesOf, mostAlternatives } from '../core/glob.ts'

/** Where the file stands in a repository. */
export const configurationPath = '.github/celery-review.yml'

/** GitHub's reader drowns in more (design, "In a pull request"). */
export const mostComments = 20

export type RuleLevel = 'off' | Severity

export interface Configuration {
  /** Overrides of a rule's severity; a rule that is not named keeps its own. */
  readonly rules: Readonly<Partial<Record<string, RuleLevel>>>
  /** Whether rules in preview run. */
  readonly preview: boolean
  readonly paths: { readonly ignore: readonly string[] }
  /** Qualified names of the project's own decorators that make a task of a function. */
  readonly taskDecorators: readonly string[]
  /** Directories that imports start from. */
  readonly roots: readonly string[]
  /** The severity from which a new finding fails the check run. */
  readonly failOn: 'never' | Severity
  /** How many review comments one review may carry. */
  readonly comments: number
  /** Whether drafts are reviewed. */
  readonly drafts: boolean
  /** Whether pull requests that bots open are reviewed. */
  readonly bots: boolean
  /** Globs of the branches to which a pull request is made that is reviewed; when there are none, all are. */
  readonly baseBranches: readonly string[]
  /** Pull requests with one of these labels are not reviewed. */
  readonly labels: { readonly ignore: readonly string[] }
  /** Nor are those by one of these people, named by login. */
  readonly authors: { readonly ignore: readonly string[] }
}

const glob = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => alternativesOf(text) !== undefined, `must have at most ${mostAlternatives} alternatives in braces`)
const name = z.string().min(1).max(200)
const qualifiedName = z
  .string()
  .max(200)
  .regex(/^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)+$/u, 'must be a dotted name such as shop.tasks.task')
const directory = z
  .string()
  .max(200)
  .regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/, 'must be a directory inside the repository')

/** The schema of the file for a given set of rules. Every key is optional; an empty file is the default. */
export function configurationSchema(ruleNames: readonly string[]) {
  return z
    .strictObject({
      rules: z
        .partialRecord(z.enum(ruleNames), z.enum(['off', ...severities]))
        .default({})
        .describe('The severity of single rules, or off.'),
      preview: z.boolean().default(false).describe('Run the rules that are still in preview.'),
      paths: z
        .strictObject({ ignore: z.array(glob).max(100).default([]).describe('Globs of files that are not reviewed.') })
        .default({ ignore: [] }),
      task_decorators: z
        .array(qualifiedName)
        .max(100)
        .default([])
        .describe("The project's own decorators that make a task of a function, by their dotted names."),
      roots: z
        .array(directory)
        .max(100)
        .default([])
        .describe('Directories that imports start from, such as src or backend.'),
      fail_on: z
        .enum(['never', ...severities])
        .default('never')
        .describe('The severity from which a new finding fails the check.'),
      comments: z
        .int()
        .min(0)
        .max(mostComments)
        .default(mostComments)
        .describe('How many comments one review may have; the rest is listed in the check.'),
      drafts: z.boolean().default(false).describe('Review drafts too.'),
      bots: z.boolean().default(true).describe('Review pull requests that bots open.'),
      base_branches: z
        .array(glob)
        .max(100)
        .default([])
        .describe('Globs of base branches; pull requests to others are not reviewed. Without any, all are.'),
      labels: z
        .strictObject({
          ignore: z.array(name).max(100).default([]).describe('Labels of pull requests that are not reviewed.'),
        })
        .default({ ignore: [] }),
      authors: z
        .strictObject({
          ignore: z.array(name).max(100).default([]).describe('Logins of people whose pull requests are not reviewed.'),
        })
        .default({ ignore: [] }),
    })
    .transform(
      ({ task_decorators, fail_on, base_branches, ...rest }): Configuration => ({
        ...rest,
        taskDecorators: task_decorators,
        failOn: fail_on,
        baseBranches: base_branches,
      }),
    )
}

/** What applies where a repository says nothing. */
export const defaultConfiguration: Configuration = configurationSchema([]).parse({})

/**
 * The schema of the file as editors read it. It takes any name for a rule, so that it need not change with each new one;
 * whoever reads the file knows the names.
 */
export function configurationJsonSchema(): Record<string, unknown> {
  const anyRule = 'any-rule'
  const named = z.toJSONSchema(configurationSchema([anyRule]), {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      if (jsonSchema.enum?.includes(anyRule)) Object.assign(jsonSchema, { enum: undefined, pattern: '^[a-z0-9-]+$' })
    },
  })
  return { title: 'celery-review', ...named }
}
