#include "abi/signatures.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <map>
#include <memory>
#include <optional>

#include "abi/protobuf_reader.h"
#include "abi/protobuf_writer.h"
#include "sluice/host/text.h"

namespace sluice::host {
namespace {

struct Deleter {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter>;
using Digest = std::unique_ptr<EVP_MD_CTX, Deleter>;

constexpr size_t kFields = 6;

/// The fields of both argument messages are strings and bytes with numbers up to 5. Nothing when the bytes are no
/// message.
std::optional<std::array<std::string, kFields>> readFields(std::string_view arguments) {
  std::array<std::string, kFields> fields;
  ProtobufReader reader(arguments);
  while (auto field = reader.next()) {
    if (field->bytes && field->number < kFields) fields[field->number] = *field->bytes;
  }
  return reader.valid() ? std::optional(fields) : std::nullopt;
}

/// The hash functions that Envoy knows; null for others.
const EVP_MD* hashFunction(std::string_view name) {
  static const std::map<std::string, const EVP_MD*, std::less<>> kFunctions = {{"sha1", EVP_sha1()},
                                                                               {"sha224", EVP_sha224()},
                                                                               {"sha256", EVP_sha256()},
                                                                               {"sha384", EVP_sha384()},
                                                                               {"sha512", EVP_sha512()}};
  auto found = kFunctions.find(lowerCase(name));
  return found == kFunctions.end() ? nullptr : found->second;
}

const unsigned char* bytesOf(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// Private keys in DER are PKCS #8, as in Envoy. Null when the bytes are no key.
Key privateKey(const std::string& der, const std::string& pem) {
  if (!pem.empty()) {
    std::unique_ptr<BIO, Deleter> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return Key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  }
  const unsigned char* position = bytesOf(der);
  PKCS8_PRIV_KEY_INFO* info = d2i_PKCS8_PRIV_KEY_INFO(nullptr, &position, static_cast<long>(der.size()));
  Key key(info == nullptr ? nullptr : EVP_PKCS82PKEY(info));
  PKCS8_PRIV_KEY_INFO_free(info);
  return key;
}

Key publicKey(const std::string& der, const std::string& pem) {
  if (!pem.empty()) {
    std::unique_ptr<BIO, Deleter> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return Key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  }
  const unsigned char* position = bytesOf(der);
  return Key(d2i_PUBKEY(nullptr, &position, static_cast<long>(der.size())));
}

/// Signs `text`; returns Envoy's message when it cannot.
std::string signInto(std::string* signature, std::string_view hash, EVP_PKEY* key, std::string_view text) {
  const EVP_MD* function = hashFunction(hash);
  if (function == nullptr) return std::string(hash) + " is not supported.";
  if (key == nullptr) return "Invalid key type: private key required for signing operation.";
  Digest digest(EVP_MD_CTX_new());
  if (EVP_DigestSignInit(digest.get(), nullptr, function, nullptr, key) != 1) {
    return "Invalid private key: key data is corrupted or malformed.";
  }
  size_t size = 0;
  if (EVP_DigestSign(digest.get(), nullptr, &size, bytesOf(text), text.size()) != 1) {
    return "Failed to get signature length.";
  }
  signature->resize(size);
  auto* bytes = reinterpret_cast<unsigned char*>(signature->data());
  if (EVP_DigestSign(digest.get(), bytes, &size, bytesOf(text), text.size()) != 1) {
    signature->clear();
    return "Failed to create signature.";
  }
  signature->resize(size);
  return "";
}

/// Returns Envoy's message when the signature is not that of `text`; nothing when it is.
std::string verify(std::string_view hash, EVP_PKEY* key, std::string_view signature, std::string_view text) {
  const EVP_MD* function = hashFunction(hash);
  if (function == nullptr) return std::string(hash) + " is not supported.";
  Digest digest(EVP_MD_CTX_new());
  if (key == nullptr || EVP_DigestVerifyInit(digest.get(), nullptr, function, nullptr, key) != 1) {
    return "Failed to initialize digest verify.";
  }
  const int answer = EVP_DigestVerify(digest.get(), bytesOf(signature), signature.size(), bytesOf(text), text.size());
  // OpenSSL returns a negative number for a signature that it cannot read, Envoy's BoringSSL 0.
  return answer == 1 ? "" : "Failed to verify digest. Error code: 0";
}

}  // namespace

Status sign(std::string_view arguments, std::string* result) {
  const auto fields = readFields(arguments);
  if (!fields) return Status::BadArgument;
  const auto& [unused, hash, der, text, pem, none] = *fields;
  if (der.empty() == pem.empty()) return Status::BadArgument;
  std::string signature;
  const std::string error = signInto(&signature, hash, privateKey(der, pem).get(), text);
  appendField(result, 1, error.empty());
  appendField(result, 2, signature);
  appendField(result, 3, error);
  return Status::Ok;
}

Status verifySignature(std::string_view arguments, std::string* result) {
  const auto fields = readFields(arguments);
  if (!fields) return Status::BadArgument;
  const auto& [unused, hash, der, signature, text, pem] = *fields;
  if (der.empty() == pem.empty()) return Status::BadArgument;
  const std::string error = verify(hash, publicKey(der, pem).get(), signature, text);
  appendField(result, 1, error.empty());
  appendField(result, 2, error);
  return Status::Ok;
}

}  // namespace sluice::host
