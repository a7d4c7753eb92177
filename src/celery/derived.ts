/**
 * Owns what is found out by going through a whole project, and which answers went by it: an answer about one file holds in
 * another state of the project where what it went by is still the same.
 */

/** Something that goes by many files. */
export interface Derivation<Subject, Value> {
  find(subject: Subject): Value
  /**
   * What tells whether another state has the same value: equal parts in equal order. For the places that a value names
   * stand their nodes, which no two files share. Without parts it is never the same.
   */
  parts?(value: Value, subject: Subject): readonly unknown[]
}

/** Something of which most ask for what one key has, and go by that alone. */
export interface DerivedMap<Subject, Key, Value> extends Derivation<Subject, ReadonlyMap<Key, Value>> {
  /** What tells whether another state has the same for a key. */
  partsOf(value: Value): readonly unknown[]
}

/** One derived thing that an answer went by, or what it has for one key. */
interface Read {
  /** Of whom it was derived. */
  readonly place: string
  readonly derivation: Derivation<never, unknown>
  readonly key?: unknown
  readonly parts: readonly unknown[] | undefined
}

/** A value that was found, and how those go by it who ask for all of it, or for what a key has. */
interface Found {
  readonly value: unknown
  readonly read: Read
  readonly entries: Map<unknown, Read>
}

/** An answer with what it went by. */
export interface Kept<Answer> {
  readonly answer: Answer
  /** What was known of each file that it went through. */
  readonly files: readonly object[]
  readonly reads: readonly Read[]
}

/** What the question that is being asked has gone by so far. Most go by nothing that is derived. */
interface Watch {
  readonly files: Set<object>
  reads?: Set<Read>
}

const noReads: readonly Read[] = []

/** Notes, while questions are asked, what their answers go by. One for each state of a project. */
export class Reads {
  readonly #open: Watch[] = []
  readonly #derived = new Map<string, { isStill(read: Read): boolean }>()
  readonly #isKnown: (file: object) => boolean

  /** @param isKnown whether what was known of a file is what this state knows of it */
  constructor(isKnown: (file: object) => boolean) {
    this.#isKnown = isKnown
  }

  /** Makes what is derived at a place known: in every state its place has the same name. */
  register(place: string, derived: { isStill(read: Read): boolean }): void {
    this.#derived.set(place, derived)
  }

  note(read: Read): void {
    const watch = this.#open.at(-1)
    if (!watch) return
    watch.reads ??= new Set()
    watch.reads.add(read)
  }

  /** Notes that the answer goes by what is known of a file. */
  noteFile(file: object): void {
    this.#open.at(-1)?.files.add(file)
  }

  /** Asks, and tells what the answer went by. */
  watch<Answer>(ask: () => Answer): Kept<Answer> {
    const watch: Watch = { files: new Set() }
    this.#open.push(watch)
    try {
      const answer = ask()
      return { answer, files: [...watch.files], reads: watch.reads ? [...watch.reads] : noReads }
    } finally {
      this.#open.pop()
      this.#noteAll(watch)
    }
  }

  /** Asks for a value that is compared as a whole: who goes by it does not go by what it is made of. */
  unwatched<Value>(find: () => Value): Value {
    const open = this.#open.splice(0)
    try {
      return find()
    } finally {
      this.#open.push(...open)
    }
  }

  /** Whether all that an answer went by is the same in this state. What it went by is then noted for whoever asks. */
  holds(kept: Kept<unknown>): boolean {
    for (const file of kept.files) if (!this.#isKnown(file)) return false
    for (const read of kept.reads) if (!this.#derived.get(read.place)?.isStill(read)) return false
    this.#noteAll(kept)
    return true
  }

  #noteAll({ files, reads = noReads }: { readonly files: Iterable<object>; readonly reads?: Iterable<Read> }): void {
    const watch = this.#open.at(-1)
    if (!watch) return
    for (const file of files) watch.files.add(file)
    for (const read of reads) this.note(read)
  }
}

/** What is derived of one subject. */
export class Derived<Subject> {
  readonly #reads: Reads
  readonly #place: string
  readonly #subject: Subject
  readonly #found = new Map<Derivation<Subject, never>, Found>()
  readonly #same = new WeakMap<readonly unknown[], boolean>()

  constructor(reads: Reads, place: string, subject: Subject) {
    this.#reads = reads
    this.#place = place
    this.#subject = subject
    reads.register(place, this)
  }

  /** The value of a derivation, found once. */
  of<Value>(derivation: Derivation<Subject, Value>): Value {
    const { value, read } = this.#find(derivation)
    this.#reads.note(read)
    return value as Value
  }

  /** What a derivation has for a key. Whoever asks for it does not go by the other keys. */
  get<Key, Value>(derivation: DerivedMap<Subject, Key, Value>, key: Key): Value | undefined {
    this.#reads.note(this.#entry(derivation, key))
    return (this.#find(derivation).value as ReadonlyMap<Key, Value>).get(key)
  }

  isStill({ derivation, key, parts }: Read): boolean {
    if (!parts) return false
    const known = this.#same.get(parts)
    if (known !== undefined) return known
    const { parts: own = [] } =
      key === undefined
        ? this.#find(derivation as Derivation<Subject, unknown>).read
        : this.#entry(derivation as DerivedMap<Subject, unknown, unknown>, key)
    const isSame = own === parts || (own.length === parts.length && own.every((part, index) => part === parts[index]))
    this.#same.set(parts, isSame)
    return isSame
  }

  #entry<Key, Value>(derivation: DerivedMap<Subject, Key, Value>, key: Key): Read {
    const { value, entries } = this.#find(derivation)
    let read = entries.get(key)
    if (!read) {
      const all = value as ReadonlyMap<Key, Value>
      // A list of its own: whether it is still the same is remembered by it.
      const parts = [...(all.has(key) ? derivation.partsOf(all.get(key)!) : [])]
      read = { place: this.#place, derivation: derivation as Derivation<never, unknown>, key, parts }
      entries.set(key, read)
    }
    return read
  }

  #find<Value>(derivation: Derivation<Subject, Value>): Found {
    let found = this.#found.get(derivation as Derivation<Subject, never>)
    if (!found) {
      const [value, parts] = this.#reads.unwatched(() => {
        const value = derivation.find(this.#subject)
        return [value, derivation.parts?.(value, this.#subject)]
      })
      const read = { place: this.#place, derivation: derivation as Derivation<never, unknown>, parts }
      found = { value, read, entries: new Map() }
      this.#found.set(derivation as Derivation<Subject, never>, found)
    }
    return found
  }
}
