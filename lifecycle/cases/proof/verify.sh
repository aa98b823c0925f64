#!/bin/sh
# Verifies one signature of this bundle with nothing but openssl (3.0 or newer): sh verify.sh 1
# Says "proved" and ends with 0 only if everything holds. See README.md.
set -eu
cd "$(dirname "$0")/${1:?say which folder, such as 1}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Seconds since 1970 of a time as openssl writes it, with GNU's date or BSD's.
seconds() { LC_ALL=C date -u -d "$1" +%s 2>/dev/null || LC_ALL=C date -j -u -f "%b %d %T %Y %Z" "$1" +%s; }

# 1. The signature is over what was signed, by the certificate's key.
openssl x509 -in certificate.pem -pubkey -noout -out "$log"
openssl dgst -sha256 -verify "$log" -signature signature.der signed.bin

# 2. The city's time-stamp authority saw this very signature. Everything else is judged at the time that it says.
openssl ts -reply -token_in -in time-stamp.der -text -token_out >"$log" 2>/dev/null
at=$(seconds "$(sed -n 's/^Time stamp: //p' "$log")")
openssl ts -verify -token_in -in time-stamp.der -data signature.der -CAfile ../root.pem -attime "$at" 2>/dev/null
date -u -d "@$at" 2>/dev/null || date -u -r "$at"

# 3. The certificate was valid then, and issued by the city.
openssl verify -x509_strict -attime "$at" -CAfile ../root.pem -untrusted authority.pem certificate.pem

# 4. The certificate's authority said in the same five minutes that it wasn't revoked.
openssl ocsp -respin status.der -issuer authority.pem -sha256 -cert certificate.pem -no_nonce -CAfile ../root.pem \
  -attime "$at" -validity_period 3153600000 >"$log" 2>&1 || true
cat "$log"
grep -q "^Response verify OK" "$log"
grep -q "^certificate.pem: good" "$log"
apart=$(($(seconds "$(sed -n 's/.*This Update: //p' "$log")") - at))
[ "${apart#-}" -le 300 ]

# 5. What was signed is this application: word for word, or by its digest where a code confirmed it.
if [ -f confirmed ]; then
  grep -q "\"form_sha256\":\"$(openssl dgst -sha256 -r application.json | cut -c1-64)\"" signed.bin
else
  text=$(cut -d. -f2 signed.bin | tr -- '-_' '+/')
  while [ $((${#text} % 4)) -ne 0 ]; do text="$text="; done
  printf '%s' "$text" | openssl base64 -d -A | cmp - application.json
fi
echo "proved"
