// Takes secrets out of recordings.
#pragma once

#include <string>
#include <vector>

#include "proxy/taps.h"

namespace sluice::proxy {

/// Replaces the values of the headers in kSecretHeaders in all messages, and wherever else they (or the credentials in
/// them) stand in these messages.
void replaceSecrets(TappedExchange& exchange);

}  // namespace sluice::proxy
