// Bytes as text, and back: hexadecimal digits and base64 (RFC 4648). Decoders are strict: of what stands for the same
// bytes they take one spelling (of hexadecimal digits, both cases), so that nobody passes the same secret, token or
// signature in another dress.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sluice {

/// The hexadecimal digits of `bytes`, in lower case: two for each.
std::string encodeHex(std::string_view bytes);
/// The bytes that hexadecimal digits, in upper or lower case, stand for. Nothing for an odd number of digits, and for
/// any other character: no spaces, no `0x`, no separators.
[[nodiscard]] std::optional<std::string> decodeHex(std::string_view digits);
/// The same into the memory of `bytes`, such as a Sha256Digest: true only when there are exactly two digits for each
/// byte. What the bytes are otherwise is not defined.
[[nodiscard]] bool decodeHex(std::string_view digits, std::span<unsigned char> bytes);

/// `bytes` in base64 (RFC 4648, section 4): with `+` and `/`, and padded with `=` to a multiple of four.
std::string encodeBase64(std::string_view bytes);
/// The bytes that base64 stands for, written exactly as encodeBase64() writes it. Nothing for missing padding,
/// padding anywhere but at the end, characters of another alphabet, spaces and line breaks, and for last digits with
/// bits that belong to no byte (`Zh==` for `Zg==`).
[[nodiscard]] std::optional<std::string> decodeBase64(std::string_view text);

/// `bytes` in base64url (RFC 4648, section 5) without padding, as JSON Web Tokens have it: with `-` and `_`.
std::string encodeBase64Url(std::string_view bytes);
/// The bytes that base64url without padding stands for, written exactly as encodeBase64Url() writes it. Nothing for
/// padding, a length that no bytes have, characters of another alphabet, spaces and line breaks, and for last digits
/// with bits that belong to no byte.
[[nodiscard]] std::optional<std::string> decodeBase64Url(std::string_view text);

}  // namespace sluice
