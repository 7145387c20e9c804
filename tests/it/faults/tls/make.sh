#!/bin/sh
# Makes the certificates beside it: keys of no value, for servers that tests start on the loopback. Needs openssl 3.
set -eu
out=$(pwd)
work=$(mktemp -d)
cd "$work"
cat > ca.cnf <<'END'
[ca]
default_ca = any
[any]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = named
unique_subject = no
[named]
commonName = supplied
[req]
distinguished_name = nobody
[nobody]
END
touch index.txt
sign() { # NAME UNTIL ARGUMENTS...
  name=$1 until=$2; shift 2
  openssl ca -batch -notext -config ca.cnf -startdate 20200101000000Z -enddate "$until" \
    -in "$name.csr" -out "$name.pem" -extfile "$name.ext" "$@" 2>/dev/null
}
key() {
  openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2>/dev/null ||
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2>/dev/null
  openssl req -new -config ca.cnf -key "$1.key" -subj "/CN=irforensics test $1" -out "$1.csr"
}
authority() {
  key "$1"
  printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n' > "$1.ext"
  sign "$1" 21200101000000Z -selfsign -keyfile "$1.key"
}
leaf() { # NAME AUTHORITY UNTIL SAN USAGE
  key "$1"
  printf 'basicConstraints=critical,CA:FALSE\nsubjectAltName=%s\nextendedKeyUsage=%s\n' "$4" "$5" > "$1.ext"
  sign "$1" "$3" -cert "$2.pem" -keyfile "$2.key"
  cp "$1.key" "$out"
}
authority ours
authority other
leaf good ours 21200101000000Z DNS:localhost,IP:127.0.0.1 serverAuth
leaf expired ours 20210101000000Z DNS:localhost,IP:127.0.0.1 serverAuth
leaf elsewhere ours 21200101000000Z DNS:api.example.com serverAuth
leaf stranger other 21200101000000Z DNS:localhost,IP:127.0.0.1 serverAuth
leaf client ours 21200101000000Z DNS:collector.example.com clientAuth
rm -f [0-9A-F]*.pem
cp ./*.pem "$out"
