#include "players/certificate.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

#include "players/player.h"

namespace sluice::scenario {
namespace {

constexpr long kHour = 3600;

template <class T, void (*kFree)(T*)>
struct Free {
  void operator()(T* object) const { kFree(object); }
};
void freeBio(BIO* bio) { BIO_free(bio); }
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY, EVP_PKEY_free>>;
using X509Pointer = std::unique_ptr<X509, Free<X509, X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION, X509_EXTENSION_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO, freeBio>>;

void check(bool succeeded) {
  if (succeeded) return;
  char text[256];
  ERR_error_string_n(ERR_get_error(), text, sizeof(text));
  throw PlayerError(std::string("a certificate cannot be made: ") + text);
}

template <class Write>
std::string pem(const Write& write) {
  const Bio bio(BIO_new(BIO_s_mem()));
  check(bio != nullptr && write(bio.get()) == 1);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<size_t>(size)};
}

void addName(X509_NAME* name, const char* field, const char* value) {
  check(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value), -1, -1,
                                   0) == 1);
}

void addAlternatives(X509* certificate, const CertificateNames& names) {
  const std::string text = std::string("DNS:") + names.dns + ",URI:" + names.uri;
  const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, text.c_str()));
  check(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

}  // namespace

Certificate makeCertificate(const CertificateNames& names) {
  const Key key(EVP_EC_gen("P-256"));
  const X509Pointer certificate(X509_new());
  check(key != nullptr && certificate != nullptr);
  X509* const x509 = certificate.get();
  check(X509_set_version(x509, X509_VERSION_3) == 1);
  check(ASN1_INTEGER_set(X509_get_serialNumber(x509), 1) == 1);
  // A clock may be behind.
  check(X509_gmtime_adj(X509_getm_notBefore(x509), -kHour) != nullptr);
  check(X509_gmtime_adj(X509_getm_notAfter(x509), 24 * kHour) != nullptr);
  check(X509_set_pubkey(x509, key.get()) == 1);
  X509_NAME* const subject = X509_get_subject_name(x509);
  addName(subject, "O", "Sluice");
  addName(subject, "CN", names.common);
  check(X509_set_issuer_name(x509, subject) == 1);
  addAlternatives(x509, names);
  check(X509_sign(x509, key.get(), EVP_sha256()) != 0);
  return {.chain = pem([&](BIO* bio) { return PEM_write_bio_X509(bio, x509); }),
          .key = pem([&](BIO* bio) {
            return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

}  // namespace sluice::scenario
