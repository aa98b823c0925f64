// Proves possession of a key with the `dpop` package (RFC 9449), as an app would, and says what the server answers.
// In: {jwk, origin, requests: [{method, path, token?, proves?, body?}]}; out: [{status, body}].
import * as DPoP from 'dpop'
import { readFileSync } from 'node:fs'

const told = JSON.parse(readFileSync(0, 'utf8'))
const curve = { name: 'ECDSA', namedCurve: 'P-256' }
const { d, ...open } = told.jwk
const keys = {
  privateKey: await crypto.subtle.importKey('jwk', told.jwk, curve, false, ['sign']),
  publicKey: await crypto.subtle.importKey('jwk', open, curve, true, ['verify']),
}

const said = []
for (const { method, path, token, proves, body } of told.requests) {
  const address = told.origin + path
  const proof = await DPoP.generateProof(keys, proves ?? address, method, undefined, token)
  const headers = { DPoP: proof, 'Content-Type': 'application/json' }
  if (token) headers.Authorization = `DPoP ${token}`
  const answer = await fetch(address, { method, headers, body: body && JSON.stringify(body) })
  said.push({ status: answer.status, body: await answer.json() })
}
console.log(JSON.stringify({ jkt: await DPoP.calculateThumbprint(keys.publicKey), said }))
