// The certificates of the proxy and of the client, for TLS between them.
#pragma once

#include <string>

namespace sluice::scenario {

/// The names in a certificate; empty ones are left out.
struct CertificateNames {
  const char* common = "";  ///< The subject's common name.
  const char* dns = "";     ///< The DNS name among the alternative names.
  const char* uri = "";     ///< The URI among the alternative names.

  /// The subject as Envoy writes it: "CN=…,O=Sluice".
  [[nodiscard]] std::string subject() const { return *common == '\0' ? "" : std::string("CN=") + common + ",O=Sluice"; }
};

inline constexpr CertificateNames kProxyNames{"sluice.test", "sluice.test", "spiffe://sluice.test/proxy"};
inline constexpr CertificateNames kClientNames{"client.sluice.test", "client.sluice.test",
                                               "spiffe://sluice.test/client"};

/// A certificate and its private key, in PEM.
struct Certificate {
  std::string chain;
  std::string key;
};

/// Makes a key and a certificate with these names that is signed with this key and valid for a day. Throws PlayerError
/// when OpenSSL fails.
Certificate makeCertificate(const CertificateNames& names);

}  // namespace sluice::scenario
