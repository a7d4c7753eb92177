/** Which methods of a subclass the methods of Django's and Django REST framework's own classes call, before they return. */

/** The calls of one family of classes: by its dotted names, then by the method that is called. */
interface Family {
  readonly classes: RegExp
  readonly calls: Readonly<Record<string, readonly string[]>>
}

const families: readonly Family[] = [
  {
    // rest_framework/mixins.py, rest_framework/generics.py and rest_framework/views.py of Django REST framework 3.16.
    classes: /^rest_framework\.(mixins|generics|viewsets|views)\./,
    calls: {
      create: ['perform_create'],
      update: ['perform_update'],
      partial_update: ['update'],
      destroy: ['perform_destroy'],
      post: ['create'],
      put: ['update'],
      patch: ['partial_update'],
      delete: ['destroy'],
    },
  },
  {
    // rest_framework/serializers.py: `save` creates or updates, depending on whether there is an instance.
    classes: /^rest_framework\.serializers\.|(^|\.)\w*ModelSerializer$/,
    calls: { save: ['create', 'update'] },
  },
  {
    // django/views/generic/edit.py of Django 5.2.
    classes: /^django\.views\.generic\./,
    calls: { post: ['form_valid'], put: ['post'], delete: ['form_valid'] },
  },
]

/** The methods that a framework's method calls on an object whose classes from outside the project are these. */
export function templateMethods(name: string, classes: () => readonly string[]): readonly string[] {
  const candidates = families.filter(({ calls }) => Object.hasOwn(calls, name))
  if (candidates.length === 0) return []
  const external = classes()
  return candidates.flatMap((family) => (external.some((one) => family.classes.test(one)) ? family.calls[name]! : []))
}

/** The names of the frameworks' methods that call a method of this name. */
export function callersOf(name: string): readonly string[] {
  return families.flatMap(({ calls }) =>
    Object.entries(calls).flatMap(([caller, called]) => (called.includes(name) ? [caller] : [])),
  )
}
