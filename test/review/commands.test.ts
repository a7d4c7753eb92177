import { describe, expect, it } from 'vitest'
import { parseCommands } from '../../src/review/commands.ts'

describe('parseCommands', () => {
  it.each([
    ['/celery-review', { name: 'review' }],
    ['/Celery-Review', { name: 'review' }],
    ['/celery-review review', { name: 'review' }],
    ['  /celery-review  ', { name: 'review' }],
    ['Please look again:\r\n/celery-review\r\nThank you', { name: 'review' }],
    ['Please look again:\n\n/celery-review full', { name: 'full' }],
    ['/celery-review PAUSE', { name: 'pause' }],
    ['/celery-review resume', { name: 'resume' }],
    ['/celery-review config', { name: 'config' }],
    ['/celery-review help', { name: 'help' }],
    ['/celery-review explain Result-Get-In-Task', { name: 'explain', rule: 'result-get-in-task' }],
    ['/celery-review explain `result-get-in-task`', { name: 'explain', rule: 'result-get-in-task' }],
    ['/celery-review ignore naive-eta', { name: 'ignore', rule: 'naive-eta' }],
    [
      '/celery-review ignore naive-eta the *broker* is in UTC',
      { name: 'ignore', rule: 'naive-eta', reason: 'the *broker* is in UTC' },
    ],
    ['/celery-review unignore naive-eta', { name: 'unignore', rule: 'naive-eta' }],
    ['/celery-review unignore', { name: 'unignore' }],
    ['/celery-review unignore naive-eta please', { name: 'unknown', text: 'unignore naive-eta please' }],
    ['/celery-review explain', { name: 'explain' }],
    ['/celery-review explain a b', { name: 'unknown', text: 'explain a b' }],
    ['/celery-review ignore', { name: 'ignore' }],
    ['/celery-review pause now', { name: 'unknown', text: 'pause now' }],
    ['/celery-review make tea', { name: 'unknown', text: 'make tea' }],
  ])('understands %j', (comment, command) => {
    expect(parseCommands(comment)).toEqual([command])
  })

  it('finds several commands, in order', () => {
    expect(parseCommands('/celery-review help\n/celery-review\n\ntext\n\n/celery-review full')).toEqual([
      { name: 'help' },
      { name: 'review' },
      { name: 'full' },
    ])
  })

  it.each([
    ['nothing', ''],
    ['another command', '/celery-reviewer'],
    ['text before it', 'please /celery-review'],
    ['a path', 'https://x.example/celery-review'],
    ['a quote', '> /celery-review'],
    ['the rest of a quoted paragraph', '> we wrote\n/celery-review'],
    ['a fenced block', '```\n/celery-review\n```'],
    ['a fence that is not closed', '~~~\n/celery-review'],
    ['an indented block', 'text\n\n    /celery-review'],
    ['inline code', '`/celery-review`'],
    ['inline code over several lines', '`a\n/celery-review\nb`'],
    ['inline code within text', 'text `a\n/celery-review\nb` text'],
    ['a link within text', 'text [a\n/celery-review\nb](https://x.example) text'],
    ['a list', '- a\n- /celery-review'],
    ['the second line of a list item', '- a\n  /celery-review'],
    ['a heading', '# /celery-review'],
    ['an underlined heading', '/celery-review\n---'],
    ['an HTML comment', '<!--\n\n/celery-review\n\n-->'],
    ['an HTML block', '<details>\n/celery-review\n</details>'],
    ['HTML around the line', 'a <i>\n/celery-review\n</i>'],
    ['a link', '[text\n/celery-review\n](https://x.example)'],
    ['emphasis', '*a\n/celery-review\nb*'],
    ['an escaped slash', '\\/celery-review'],
    ['an entity', '&#47;celery-review'],
    ['a link definition', '[x]: y\n"\n/celery-review\n"'],
    ['a very long comment', `${'word '.repeat(1000)}\n\n/celery-review`],
  ])('takes no command from %s', (_, comment) => {
    expect(parseCommands(comment)).toEqual([])
  })
})
