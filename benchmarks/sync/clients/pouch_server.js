// express-pouchdb, as its page says: a CouchDB-like server over PouchDB on LevelDB.
//
// pouch_server.js FOLDER PORT

'use strict'
const fs = require('fs')
const express = require('express')
const PouchDB = require('pouchdb')

const [folder, port] = process.argv.slice(2)
fs.mkdirSync(folder, { recursive: true })
process.chdir(folder) // it leaves a configuration and a log where it stands
const app = express()
app.use('/', require('express-pouchdb')(PouchDB.defaults({ prefix: `${folder}/` }), { mode: 'minimumForPouchDB' }))
app.listen(Number(port), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
