// The question to the authorization service about a request.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "common/host_failure.h"
#include "ext_auth/settings.h"
#include "sluice/crypto.h"
#include "sluice/header_map.h"

/// The headers of the request to the service. They are views of the client's request, valid until the callback returns.
class Question {
 public:
  /// Reads a request's headers; returns nothing when a hostcall fails.
  static std::optional<Question> about(const sluice::HeaderMap& request, const Settings& settings) {
    const auto all = request.getAll();
    if (hasFailed(all.status(), "reading the request's headers") || !all) return std::nullopt;
    Question question(settings);
    for (const auto header : *all) {
      if (const auto name = settings.serviceName(header.name); !name.empty())
        question.headers_.push_back({name, header.value});
    }
    return question;
  }

  sluice::HeaderSpan headers() const { return headers_; }

  /// A digest of the question: questions that differ in a name or a value have different digests.
  sluice::Sha256Digest digest(const Settings& settings) const {
    sluice::Sha256 hash;
    hash.update(sluice::bytesOf(settings.digest));
    for (const auto& header : headers_) {
      for (const auto text : {header.name, header.value}) {
        const auto size = static_cast<uint32_t>(text.size());
        hash.update({reinterpret_cast<const char*>(&size), sizeof size});
        hash.update(text);
      }
    }
    return hash.finish();
  }

 private:
  explicit Question(const Settings& settings)
      : headers_{{":method", "GET"}, {":path", settings.path}, {":authority", settings.authority}} {}

  std::vector<sluice::Header> headers_;
};
