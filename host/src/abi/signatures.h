// Envoy's foreign functions sign and verify_signature.
#pragma once

#include <string>
#include <string_view>

#include "sluice/abi.h"

namespace sluice::host {

/// Plays "sign". `arguments` is a SignArguments message (hash_function = 1, private_key = 2, text = 3, private_key_pem
/// = 4), `result` becomes a SignResult (result = 1, signature = 2, error = 3). Returns BadArgument when the message is
/// not valid or does not hold exactly one key.
Status sign(std::string_view arguments, std::string* result);

/// Plays "verify_signature". `arguments` is a VerifySignatureArguments message (hash_function = 1, public_key = 2,
/// signature = 3, text = 4, public_key_pem = 5), `result` becomes a VerifySignatureResult (result = 1, error = 2).
/// Returns BadArgument as sign() does.
Status verifySignature(std::string_view arguments, std::string* result);

}  // namespace sluice::host
