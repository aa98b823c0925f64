#!/bin/sh
# Verifies one message of this exchange with nothing but openssl (3.0 or newer): sh verify.sh request; sh verify.sh answer
# Says "proved" and ends with 0 only if everything holds. See README.md.
set -eu
cd "$(dirname "$0")/${1:?say which message: request or answer}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Seconds since 1970 of a time as openssl writes it, with GNU's date or BSD's.
seconds() { LC_ALL=C date -u -d "$1" +%s 2>/dev/null || LC_ALL=C date -j -u -f "%b %d %T %Y %Z" "$1" +%s; }

# 1. The signature is over the signature base (RFC 9421), by the certificate's key.
openssl x509 -in certificate.pem -pubkey -noout -out "$log"
openssl dgst -sha256 -verify "$log" -signature signature.der signed.bin

# 2. The base names the digest of this very message (RFC 9530).
digest=$(openssl dgst -sha256 -binary message.json | openssl base64 -A)
grep -qF "\"content-digest\": sha-256=:$digest:" signed.bin

# 3. An answer is bound to this very request: the base repeats the request's signature.
if [ -f ../request/signature.raw ] && grep -q '^"@status"' signed.bin; then
  grep -qF "\"signature\";req: sig1=:$(openssl base64 -A -in ../request/signature.raw):" signed.bin
fi

# 4. The city's time-stamp authority saw this very signature. Everything else is judged at the time that it says.
openssl ts -reply -token_in -in time-stamp.der -text -token_out >"$log" 2>/dev/null
at=$(seconds "$(sed -n 's/^Time stamp: //p' "$log")")
openssl ts -verify -token_in -in time-stamp.der -data signature.der -CAfile ../root.pem -attime "$at" 2>/dev/null
date -u -d "@$at" 2>/dev/null || date -u -r "$at"

# 5. The certificate was valid then, and issued by the city.
openssl verify -x509_strict -attime "$at" -CAfile ../root.pem -untrusted authority.pem certificate.pem

# 6. The certificate's authority said in the same five minutes that it wasn't revoked.
openssl ocsp -respin status.der -issuer authority.pem -sha256 -cert certificate.pem -no_nonce -CAfile ../root.pem \
  -attime "$at" -validity_period 3153600000 >"$log" 2>&1 || true
cat "$log"
grep -q "^Response verify OK" "$log"
grep -q "^certificate.pem: good" "$log"
apart=$(($(seconds "$(sed -n 's/.*This Update: //p' "$log")") - at))
[ "${apart#-}" -le 300 ]

# Who signed: the name in the certificate.
openssl x509 -in certificate.pem -noout -ext subjectAltName | sed -n 's/.*DNS://p'
echo "proved"
