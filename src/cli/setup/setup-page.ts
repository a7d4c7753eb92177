/** Owns the pages of the setup: the one that sends the manifest to GitHub, and the one that says how it went. */
import { type Child, h } from 'hastscript'
import { documentOf } from '../../app/pages/document.ts'

/** A button that has GitHub create the App. Only a form posted by the browser can do that: the person is logged in there. */
export function startPage(action: string, manifest: object): string {
  const form = h('form', { action, method: 'post' }, [
    h('input', { type: 'hidden', name: 'manifest', value: JSON.stringify(manifest) }),
    h('button', { type: 'submit' }, 'Create the GitHub App'),
  ])
  return page('Set celery-review up', [
    h('p', 'GitHub will ask for a name, and create an App with just the permissions that celery-review needs.'),
    form,
  ])
}

export const endPage = (installUrl: string): string =>
  page('The App is there', [
    h(
      'p',
      'Its credentials are on this machine now. ',
      h('a', { href: installUrl }, 'Install it on a repository'),
      ', and start celery-review.',
    ),
  ])

const page = (title: string, content: Child[]): string =>
  documentOf({ title, content: [h('main', { className: ['prose', 'reading'] }, h('h1', title), ...content)] })
