// Header maps: HTTP headers and trailers that the host holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/internal/braced_list.h"
#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"
#include "sluice/result.h"

namespace sluice {

/// One header: a name and a value, both views. A value may hold any byte, NUL included.
struct Header {
  /// The name; hosts give it in lower case.
  std::string_view name;
  /// The value, as bytes.
  std::string_view value;
  friend bool operator==(const Header&, const Header&) = default;
};

/// Headers to pass to the host: a braced list, an array or a vector of Header. It is a view and must not outlive the
/// headers; a braced list lives until the end of the full expression.
///
///     httpCall({.cluster = "users", .headers = {{":method", "GET"}, {":path", path}, {":authority", "users"}}}, …)
class HeaderSpan : private internal::BracedList<Header> {
 public:
  /// The headers of a braced list. With GCC, which compiles filters only for native tests, at most 32.
  using internal::BracedList<Header>::BracedList;
  /// No headers.
  constexpr HeaderSpan() = default;
  /// `size` headers, one after the other in memory.
  constexpr HeaderSpan(const Header* headers, size_t size) : BracedList(headers, size) {}
  /// The headers of an array.
  template <size_t kSize>
  constexpr HeaderSpan(const Header (&headers)[kSize]) : BracedList(headers, kSize) {}
  /// The headers of a container that has data() and size(), such as a vector.
  template <class Container>
    requires requires(const Container& c) { HeaderSpan(c.data(), c.size()); }
  constexpr HeaderSpan(const Container& container) : BracedList(container.data(), container.size()) {}

  /// The headers, in order, and how many there are.
  /// @{
  [[nodiscard]] constexpr const Header* begin() const { return data_; }
  [[nodiscard]] constexpr const Header* end() const { return data_ + size_; }
  [[nodiscard]] constexpr size_t size() const { return size_; }
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }
  /// @}
};

/// All headers of a map, in the host's order; a name with several values appears several times. Iterating gives Header
/// objects. They and this object are valid until the callback returns.
class HeaderPairs {
 public:
  /// A forward iterator that builds each Header when it is dereferenced.
  class Iterator {
   public:
    /// The types that standard algorithms need.
    /// @{
    using iterator_category = std::forward_iterator_tag;
    using value_type = Header;
    using difference_type = ptrdiff_t;
    using reference = Header;
    using pointer = const Header*;
    /// @}

    Iterator() = default;
    /// The header at this position, by value.
    Header operator*() const {
      const size_t nameSize = readSize(sizes_);
      return {{bytes_, nameSize}, {bytes_ + nameSize + 1, readSize(sizes_ + 4)}};
    }
    /// Moves to the next header.
    /// @{
    Iterator& operator++() {
      bytes_ += readSize(sizes_) + readSize(sizes_ + 4) + 2;
      sizes_ += 8;
      return *this;
    }
    Iterator operator++(int) {
      auto before = *this;
      ++*this;
      return before;
    }
    /// @}
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.sizes_ == b.sizes_; }

   private:
    friend HeaderPairs;
    Iterator(const char* sizes, const char* bytes) : sizes_(sizes), bytes_(bytes) {}
    const char* sizes_ = nullptr;
    const char* bytes_ = nullptr;
  };

  HeaderPairs() = default;

  /// Parses a map that is serialized as the spec says. ParseFailure when `data` is malformed: truncated, a length past
  /// the end, a missing terminator, or extra bytes at the end. The result refers to `data`.
  static Result<HeaderPairs> parse(std::string_view data);

  /// The headers, in the host's order, and how many there are.
  /// @{
  [[nodiscard]] Iterator begin() const { return {sizes_, sizes_ + 8 * count_}; }
  [[nodiscard]] Iterator end() const { return {sizes_ + 8 * count_, nullptr}; }
  [[nodiscard]] size_t size() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// @}

  /// The first header named `name`, or end(). Names are compared byte by byte, because hosts give them in lower case.
  [[nodiscard]] Iterator find(std::string_view name) const {
    auto it = begin();
    while (it != end() && (*it).name != name) ++it;
    return it;
  }

 private:
  static size_t readSize(const char* at) {
    uint32_t size;
    std::memcpy(&size, at, sizeof size);  // little-endian on the wire and in WebAssembly
    return size;
  }

  const char* sizes_ = nullptr;
  size_t count_ = 0;
};

namespace internal {
/// Serializes `headers` as the spec says, into the callback's memory. Null data when memory is exhausted.
HostData serialize(HeaderSpan headers);
}  // namespace internal

/// One of the stream's header maps. Get one from a context, for example with HttpContext::requestHeaders(). Hosts
/// ignore case when they compare names. The host decides which map can be read or changed in which callback (spec: HTTP
/// fields); in other callbacks Envoy returns NotFound or BadArgument. The SDK returns BadArgument itself for changes of
/// a stream's maps in onLog(), and for all calls in onDone() and onDelete().
class HeaderMap {
 public:
  // The functions take references to views: for views by value, the compiler would pack each into 64 bits and unpack it
  // again before the hostcall.
  /// The map of this type, with its content in the current callback.
  explicit constexpr HeaderMap(MapType type) : type_(type) {}

  /// The first value of `name`; NotFound when there is none. The view is valid until the callback returns
  /// (proxy_get_header_map_value).
  Result<std::string_view> get(const std::string_view& name) const {
    if (refuses(internal::LastCallback::DoneOrDelete)) return Status::BadArgument;
    internal::HostData value;
    const auto status =
        value.check(abi::proxy_get_header_map_value(type_, name.data(), name.size(), &value.data, &value.size));
    if (status != Status::Ok) return status;
    return value.view();
  }

  /// All headers, including repeated names. ParseFailure when the host's list is malformed. Valid until the callback
  /// returns (proxy_get_header_map_pairs).
  Result<HeaderPairs> getAll() const {
    if (refuses(internal::LastCallback::DoneOrDelete)) return Status::BadArgument;
    internal::HostData pairs;
    const auto status = pairs.check(abi::proxy_get_header_map_pairs(type_, &pairs.data, &pairs.size));
    if (status != Status::Ok) return status;
    return HeaderPairs::parse(pairs.view());
  }

  /// Adds a value and keeps the existing values of the name (proxy_add_header_map_value). For some headers, such as
  /// `accept`, Envoy joins the values with a comma.
  Status add(const std::string_view& name, const std::string_view& value) const {
    if (refuses(internal::LastCallback::Log)) return Status::BadArgument;
    return abi::proxy_add_header_map_value(type_, name.data(), name.size(), value.data(), value.size());
  }

  /// Makes `value` the only value of `name`; adds the header when the map does not have it
  /// (proxy_replace_header_map_value).
  Status replace(const std::string_view& name, const std::string_view& value) const {
    if (refuses(internal::LastCallback::Log)) return Status::BadArgument;
    return abi::proxy_replace_header_map_value(type_, name.data(), name.size(), value.data(), value.size());
  }

  /// Removes all values of `name`. Ok also when there was none (proxy_remove_header_map_value).
  Status remove(const std::string_view& name) const {
    if (refuses(internal::LastCallback::Log)) return Status::BadArgument;
    return abi::proxy_remove_header_map_value(type_, name.data(), name.size());
  }

  /// Replaces the whole map, including pseudo-headers such as `:path`. The views in `headers` may come from getAll() of
  /// the same map. InternalFailure when memory is exhausted (proxy_set_header_map_pairs).
  Status setAll(HeaderSpan headers) const {
    if (refuses(internal::LastCallback::Log)) return Status::BadArgument;
    const auto pairs = internal::serialize(headers);
    if (pairs.data == nullptr) return Status::InternalFailure;
    return abi::proxy_set_header_map_pairs(type_, pairs.data, pairs.size);
  }

  /// The size of all names and values in bytes, as the host counts them (proxy_get_header_map_size).
  Result<size_t> byteSize() const {
    if (refuses(internal::LastCallback::DoneOrDelete)) return Status::BadArgument;
    size_t size = 0;
    const auto status = abi::proxy_get_header_map_size(type_, &size);
    if (status != Status::Ok) return status;
    return size;
  }

 private:
  // Whether the map belongs to a stream and the current callback is one of its last, from `callback` on.
  [[nodiscard]] bool refuses(internal::LastCallback callback) const {
    return type_ <= MapType::HttpResponseTrailers && internal::lastCallback() >= callback;
  }

  MapType type_;
};

}  // namespace sluice
