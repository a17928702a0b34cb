// A desk with PouchDB on LevelDB: a row is a document.
//
// pouch_desk.js FOLDER URL

'use strict'
const fs = require('fs')
const readline = require('readline')
const PouchDB = require('pouchdb')

const [folder, url] = process.argv.slice(2)
fs.mkdirSync(folder, { recursive: true })
const db = new PouchDB(`${folder}/desk`)
const far = new PouchDB(`${url}/linli`)
const OPTIONS = { batch_size: 1000 } // the default of 100 is slower
const WANTED = ['name', 'phones', 'note']

const read = ({ file, rows }) => rows ?? JSON.parse(fs.readFileSync(file, 'utf8'))

async function all (options = {}) {
  return (await db.allDocs({ include_docs: true, ...options })).rows.map(row => row.doc)
}

function wanted (doc) {
  return Object.fromEntries(WANTED.map(name => [name, doc[name] ?? '']))
}

const said = work => work.then(
  done => ({ done: true, refused: (done.doc_write_failures ?? 0) + (done.push?.doc_write_failures ?? 0) }),
  error => ({ done: false, passing: `${error.name ?? ''} ${error.message ?? error}` }))

const verbs = {
  async add (told) {
    const docs = read(told).map(({ id, ...row }) => ({ _id: id, ...row }))
    await db.bulkDocs(docs)
  },
  async edit (told) {
    const edits = new Map(read(told).map(row => [row.id, row]))
    const docs = await all({ keys: [...edits.keys()] })
    await db.bulkDocs(docs.map(doc => {
      const { id, ...fields } = edits.get(doc._id)
      return { ...doc, ...fields }
    }))
  },
  sync: () => said(PouchDB.sync(db, far, OPTIONS)),
  push: () => said(db.replicate.to(far, OPTIONS)),
  pull: () => said(db.replicate.from(far, OPTIONS)),
  async rows () {
    return { rows: Object.fromEntries((await all()).map(doc => [doc._id, wanted(doc)])) }
  },
  async count () {
    return { count: (await db.info()).doc_count }
  },
  async conflicts () {
    const lost = []
    for (const doc of await all({ conflicts: true })) {
      for (const rev of doc._conflicts ?? []) {
        const other = await db.get(doc._id, { rev })
        for (const name of WANTED) if (other[name] !== doc[name]) lost.push([doc._id, name, other[name]])
      }
    }
    return { lost }
  },
  async close () {
    await db.close()
  }
}

async function answer (line) {
  const { do: verb, ...told } = JSON.parse(line)
  const started = process.hrtime.bigint()
  try {
    const said = await verbs[verb](told)
    return { ok: true, wall: Number(process.hrtime.bigint() - started) / 1e9, ...said }
  } catch (error) {
    return { ok: false, error: `${error.name ?? ''} ${error.message ?? error}` }
  }
}

async function listen () {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await answer(line)) + '\n')
  }
  process.exit(0)
}

// in a browser it would go to the console, and the page would live on
for (const kind of ['uncaughtException', 'unhandledRejection']) process.on(kind, error => console.error(error))
listen()
