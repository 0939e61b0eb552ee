// What an authorization service decides, and how all VMs remember it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/sha256.h"
#include "sluice/clock.h"

/// Let a request pass, or answer it with `status`.
struct Decision {
  uint32_t status = 0;
  /// For the upstream, of a request that passes; else for the client.
  std::vector<std::pair<std::string, std::string>> headers;

  bool passes() const { return status >= 200 && status < 300; }
};

/// The decision on the question with this digest that a VM has remembered until after `now`, or nothing.
std::optional<Decision> findDecision(const crypto::Digest& question, sluice::Timestamp now);

/// Lets all VMs with this vm_id remember a decision until `expiry`. Shared data can never be removed: there are so many
/// places for decisions, and a new one takes that of another.
void rememberDecision(const crypto::Digest& question, const Decision& decision, sluice::Timestamp expiry);
