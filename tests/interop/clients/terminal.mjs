// Signs a terminal's request with the `http-message-sig` package (RFC 9421), sends it, and verifies the signed answer.
// In: {jwk, origin, path, keyid, nonce, idempotencyKey, body, tamper?, answerJwk?}; out: {status, body, answered?}.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { appendSignature, component, createSignature, verifySignature } from 'http-message-sig'

const told = JSON.parse(readFileSync(0, 'utf8'))
const ES256 = 'ecdsa-p256-sha256'
const curve = { name: 'ECDSA', namedCurve: 'P-256' }
const ecdsa = { name: 'ECDSA', hash: 'SHA-256' }
const digest = (text) => `sha-256=:${createHash('sha256').update(text).digest('base64')}:`
const key = await crypto.subtle.importKey('jwk', told.jwk, curve, false, ['sign'])
const signer = { algorithm: ES256, sign: async (data) => new Uint8Array(await crypto.subtle.sign(ecdsa, key, data)) }

const targetUri = told.origin + told.path
const headers = new Headers({
  'content-type': 'application/json',
  'content-digest': digest(told.body),
  'idempotency-key': told.idempotencyKey,
})
const request = { kind: 'request', method: 'POST', targetUri, fields: fields(headers) }
const signed = appendSignature(
  headers,
  await createSignature(request, {
    label: 'sig1',
    components: ['@method', '@target-uri', 'content-digest', 'content-type', 'idempotency-key'],
    parameters: { created: Math.floor(Date.now() / 1000), keyid: told.keyid, nonce: told.nonce, tag: 'fuhai-terminal' },
    signer,
  }),
)
const answer = await fetch(targetUri, { method: 'POST', headers: signed, body: told.tamper ?? told.body })
const body = await answer.text()
const said = { status: answer.status, body: JSON.parse(body) }
if (told.answerJwk) said.answered = await verified(told.answerJwk)
console.log(JSON.stringify(said))

async function verified(jwk) {
  const theirs = await crypto.subtle.importKey('jwk', jwk, curve, false, ['verify'])
  const related = (name) => component(name, { req: true })
  const { parameters } = await verifySignature(
    { kind: 'response', status: answer.status, fields: fields(answer.headers), request: { ...request, fields: fields(signed) } },
    {
      policy: {
        algorithms: [ES256],
        requiredComponents: ['@status', 'content-digest', related('@method'), related('@target-uri'), related('signature')],
        requiredParameters: ['created', 'keyid', 'tag'],
        maxAge: 60,
        clockSkew: 5,
      },
      resolveVerifier: () => ({
        algorithm: ES256,
        verify: (data, signature) => crypto.subtle.verify(ecdsa, theirs, signature, data),
      }),
    },
  )
  return { tag: parameters.tag, keyid: parameters.keyid, digest: answer.headers.get('content-digest') === digest(body) }
}

function fields(headers) {
  return [...headers].map(([name, value]) => ({ name, value }))
}
