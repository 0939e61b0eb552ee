// mbedTLS: HMAC with SHA-256, the signature of an RSA key
#include <mbedtls/md.h>
#include <mbedtls/pk.h>
#include <sluice/encoding.h>

#include <array>
#include <string>
#include <string_view>

#include "../../cpp/feature.h"

namespace {

using Digest = std::array<unsigned char, 32>;

const unsigned char* bytesOf(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// Made with OpenSSL: `openssl genrsa 1024`, `openssl dgst -sha256 -sign`.
constexpr std::string_view kKey =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDO+5ZT4jb/Cb6/GdHEkwnapdq0\n"
    "/Onl1KC6xz0gJ3UoP/eoS8stulalocOWbyct4EsCA2ENFaXZmDS1/GLBSWDmz2yF\n"
    "FOOCsyR1oyUVeNTgho0PVpDR+97EBk0jPpeIQp8ZPCE9/eXEyRIqXxWi3MILXEot\n"
    "M6igVLWGw6e8jobNHwIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
constexpr std::string_view kSignature =
    "a2ac8490ef589aaa52ccf39af7b7562983aae27845b5806c4363ae0d854b0f0bf1755f055ac7cfa20c06a4edf0a88b5a7be66a0c60caf167"
    "696092424c0d8ac0315142f819707af5c6d04ba831799f87fb27b6fa8b5bfe727b413eb960d175bae51cbaffc08c3a19e473466868f43dd2"
    "4911cfad7107f2f6cd6022d51f25ee2c";

bool isSigned(std::string_view text) {
  Digest digest{};
  mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), bytesOf(text), text.size(), digest.data());
  const auto signature = sluice::decodeHex(kSignature).value_or("");
  mbedtls_pk_context key;
  mbedtls_pk_init(&key);
  const bool is_key = mbedtls_pk_parse_public_key(&key, bytesOf(kKey), kKey.size() + 1) == 0;
  const bool is_signed = is_key && mbedtls_pk_verify(&key, MBEDTLS_MD_SHA256, digest.data(), digest.size(),
                                                     bytesOf(signature), signature.size()) == 0;
  mbedtls_pk_free(&key);
  return is_signed;
}

}  // namespace

FEATURE(mbedtls, "5bdc signed not signed") {
  Digest digest{};
  mbedtls_md_hmac(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), bytesOf("Jefe"), 4,
                  bytesOf("what do ya want for nothing?"), 28, digest.data());
  // RFC 4231, test case 2, begins so.
  const std::string start = digest[0] == 0x5b && digest[1] == 0xdc ? "5bdc" : "another digest";
  return start + (isSigned("a signed text") ? " signed" : " wrong") + (isSigned("another") ? " wrong" : " not signed");
}
