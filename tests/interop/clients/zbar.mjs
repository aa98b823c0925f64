// Reads pictures of codes with ZBar (the `@undecaf/zbar-wasm` package), and says what stands in each.
// In: {pictures: [{grey (base64, a byte for each pixel), width, height}]}; out: {said: [[text]]}.
import { scanGrayBuffer } from '@undecaf/zbar-wasm'
import { readFileSync } from 'node:fs'

const said = []
for (const picture of JSON.parse(readFileSync(0, 'utf8')).pictures) {
  const grey = Uint8Array.from(Buffer.from(picture.grey, 'base64')).buffer
  const found = await scanGrayBuffer(grey, picture.width, picture.height)
  said.push(found.map((symbol) => symbol.decode()))
}
console.log(JSON.stringify({ said }))
