/**
 * What kombu's JSON encoder has no form for, by the name that makes it. Dates, times, decimals, UUIDs, bytes and tuples are
 * not here: it knows those. Source: kombu/utils/json.py of kombu 5.6, each tried with 5.2 and read in 5.6.
 */
export type Unserializable = 'set' | 'iterator' | 'duration' | 'path' | 'file' | 'request'

export const makers: ReadonlyMap<string, Unserializable> = new Map([
  ['builtins.set', 'set'],
  ['builtins.frozenset', 'set'],
  ['builtins.map', 'iterator'],
  ['builtins.filter', 'iterator'],
  ['builtins.zip', 'iterator'],
  ['builtins.range', 'iterator'],
  ['builtins.reversed', 'iterator'],
  ['builtins.enumerate', 'iterator'],
  ['datetime.timedelta', 'duration'],
  ['django.utils.timezone.timedelta', 'duration'],
  ['pathlib.Path', 'path'],
  ['pathlib.PurePath', 'path'],
  ['pathlib.PosixPath', 'path'],
  ['builtins.open', 'file'],
  ['io.BytesIO', 'file'],
  ['io.StringIO', 'file'],
  ['io.open', 'file'],
  ['tempfile.NamedTemporaryFile', 'file'],
  ['tempfile.TemporaryFile', 'file'],
  ['django.core.files.base.ContentFile', 'file'],
  ['django.core.files.uploadedfile.SimpleUploadedFile', 'file'],
])

/** Types that an annotation names, besides those that are made by calling them. */
export const annotated: ReadonlyMap<string, Unserializable> = new Map([
  ...makers,
  ['typing.Set', 'set'],
  ['typing.FrozenSet', 'set'],
  ['collections.abc.Set', 'set'],
  ['typing.IO', 'file'],
  ['typing.BinaryIO', 'file'],
  ['typing.TextIO', 'file'],
  ['typing.Iterator', 'iterator'],
  ['typing.Generator', 'iterator'],
  ['collections.abc.Iterator', 'iterator'],
  ['collections.abc.Generator', 'iterator'],
  ['django.http.HttpRequest', 'request'],
  ['django.http.request.HttpRequest', 'request'],
  ['rest_framework.request.Request', 'request'],
  ['django.core.files.uploadedfile.UploadedFile', 'file'],
])
