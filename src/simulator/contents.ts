/** Owns how trees, blobs, files and archives are handed out. */
import type { components } from '@octokit/openapi-types'
import { type Answer, type ApiRequest, ok, type RawAnswer, wantsRaw } from './http.ts'
import { notFound, Refusal } from './refusals.ts'
import { nodeId } from './state.ts'
import { apiRoot, encodePath, htmlRoot, toRevision, type World } from './world.ts'

type Schemas = components['schemas']

/** https://docs.github.com/en/rest/git/blobs#get-a-blob */
const largestBlob = 100_000_000
/** Beyond it the JSON of a file has no content: https://docs.github.com/en/rest/repos/contents#get-repository-content */
const largestContent = 1_000_000

export async function getTree(request: ApiRequest, world: World): Promise<Answer<Schemas['git-tree']>> {
  const recursive = request.url.searchParams.has('recursive')
  const tree = await world.code.tree(toRevision(world, request.params.sha!), recursive)
  if (!tree) throw notFound()
  const git = `${apiRoot(world)}/git`
  return ok({
    sha: tree.sha,
    url: `${git}/trees/${tree.sha}`,
    truncated: tree.entries.length > world.limits.treeEntries,
    tree: tree.entries.slice(0, world.limits.treeEntries).map((entry) => ({
      ...entry,
      ...(entry.type === 'commit' ? {} : { url: `${git}/${entry.type}s/${entry.sha}` }),
    })),
  })
}

export async function getBlob(request: ApiRequest, world: World): Promise<Answer<Schemas['blob']> | RawAnswer> {
  const sha = request.params.sha!
  const object = /^[0-9a-f]{40,64}$/.test(sha) ? await world.code.object(sha) : undefined
  if (object?.type !== 'blob') throw notFound()
  if (object.content.length > largestBlob) throw tooLarge()
  if (wantsRaw(request)) return raw(object.content)
  return ok({
    sha,
    node_id: nodeId('blob', sha),
    size: object.content.length,
    url: `${apiRoot(world)}/git/blobs/${sha}`,
    content: toBase64(object.content),
    encoding: 'base64',
  })
}

/** Files only; what stands at the path and is none is not found. */
export async function getContent(
  request: ApiRequest,
  world: World,
): Promise<Answer<Schemas['content-file']> | RawAnswer> {
  const path = request.params.path!
  const ref = request.url.searchParams.get('ref') ?? world.repository.defaultBranch
  const commit = await world.code.commit(toRevision(world, ref))
  if (!commit) throw new Refusal(404, `No commit found for the ref ${ref}`)
  const object = await world.code.object(`${commit.sha}:${path}`)
  if (object?.type !== 'blob') throw notFound()
  const { content, sha } = object
  if (content.length > largestBlob) throw tooLarge()
  if (wantsRaw(request)) return raw(content)
  const isLarge = content.length > largestContent
  const encoded = encodePath(path)
  const self = `${apiRoot(world)}/contents/${encoded}?ref=${encodeURIComponent(ref)}`
  const git = `${apiRoot(world)}/git/blobs/${sha}`
  const html = `${htmlRoot(world)}/blob/${encodeURIComponent(ref)}/${encoded}`
  return ok({
    type: 'file',
    encoding: isLarge ? 'none' : 'base64',
    size: content.length,
    name: path.split('/').at(-1)!,
    path,
    content: isLarge ? '' : toBase64(content),
    sha,
    url: self,
    git_url: git,
    html_url: html,
    download_url: `${htmlRoot(world)}/raw/${commit.sha}/${encoded}`,
    _links: { self, git, html },
  })
}

/** Answers with a link, as GitHub does, to a part of the server that needs no token. */
export async function redirectToTarball(request: ApiRequest, world: World): Promise<RawAnswer> {
  const ref = request.params.ref ?? world.repository.defaultBranch
  const commit = await world.code.commit(toRevision(world, ref))
  if (!commit) throw notFound()
  const { owner, name } = world.repository
  const location = `${world.url}/codeload/${owner}/${name}/legacy.tar.gz/${commit.sha}`
  return { status: 302, raw: Buffer.alloc(0), headers: { location } }
}

export function getTarball(request: ApiRequest, world: World): RawAnswer {
  const sha = request.params.sha!
  if (!/^[0-9a-f]{40,64}$/.test(sha)) throw notFound()
  const directory = `${world.repository.owner}-${world.repository.name}-${sha.slice(0, 7)}`
  return {
    status: 200,
    raw: world.code.archive(sha, directory),
    headers: {
      'content-type': 'application/x-gzip',
      'content-disposition': `attachment; filename=${directory}.tar.gz`,
    },
  }
}

const raw = (content: Buffer): RawAnswer => ({
  status: 200,
  raw: content,
  headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' },
})

const tooLarge = () =>
  new Refusal(403, 'This API returns blobs up to 100 MB in size. The requested blob is too large to fetch via the API.')

/** Broken into lines of 60, as GitHub sends it. */
const toBase64 = (content: Buffer): string => content.toString('base64').replace(/.{1,60}/g, '$&\n')
