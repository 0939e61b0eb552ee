// Bytes as text, and back: hexadecimal digits and base64 (RFC 4648). Decoders are strict: they accept one spelling of
// the same bytes (hexadecimal digits in both cases), so that a client cannot present the same secret, token or
// signature in a second form.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sluice {

/// The hexadecimal digits of `bytes`, in lower case, two for each byte.
std::string encodeHex(std::string_view bytes);
/// Decodes hexadecimal digits in upper or lower case. Returns nothing for an odd number of digits or any other
/// character, such as a space, a separator or the x of `0x`.
[[nodiscard]] std::optional<std::string> decodeHex(std::string_view digits);
/// Decodes hexadecimal digits into `bytes`, such as a Sha256Digest. Returns true only when there are exactly two digits
/// for each byte; otherwise the content of `bytes` is undefined.
[[nodiscard]] bool decodeHex(std::string_view digits, std::span<unsigned char> bytes);

/// `bytes` in base64 (RFC 4648, section 4): with `+` and `/`, and padded with `=` to a multiple of four.
std::string encodeBase64(std::string_view bytes);
/// Decodes base64 that is written exactly as encodeBase64() writes it. Returns nothing for missing or misplaced
/// padding, characters of another alphabet, spaces, line breaks, and a last digit whose unused bits are not zero
/// (`Zh==` for `Zg==`).
[[nodiscard]] std::optional<std::string> decodeBase64(std::string_view text);

/// `bytes` in base64url (RFC 4648, section 5) without padding, as in JSON Web Tokens: with `-` and `_`.
std::string encodeBase64Url(std::string_view bytes);
/// Decodes base64url that is written exactly as encodeBase64Url() writes it. Returns nothing for padding, an impossible
/// length, characters of another alphabet, spaces, line breaks, and a last digit whose unused bits are not zero.
[[nodiscard]] std::optional<std::string> decodeBase64Url(std::string_view text);

}  // namespace sluice
