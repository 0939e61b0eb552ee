// The C library's string functions that the C++ library uses, in a tenth of the size. Header names and values are
// short, so copying whole aligned words, as C libraries do, has no advantage here.
#include <cstddef>

// Without this the compiler would recognize each loop and replace it with a call of the function itself.
#if defined(__clang__)
#define SLUICE_AS_WRITTEN __attribute__((no_builtin))
#else
#define SLUICE_AS_WRITTEN
#endif

extern "C" {

SLUICE_AS_WRITTEN size_t strlen(const char* text) {
  const char* end = text;
  while (*end != '\0') ++end;
  return static_cast<size_t>(end - text);
}

SLUICE_AS_WRITTEN void* memchr(const void* data, int value, size_t size) {
  auto* at = static_cast<const unsigned char*>(data);
  for (; size != 0; ++at, --size) {
    if (*at == static_cast<unsigned char>(value)) return const_cast<unsigned char*>(at);
  }
  return nullptr;
}

SLUICE_AS_WRITTEN int memcmp(const void* left, const void* right, size_t size) {
  auto* a = static_cast<const unsigned char*>(left);
  auto* b = static_cast<const unsigned char*>(right);
  for (; size != 0; ++a, ++b, --size) {
    if (*a != *b) return *a - *b;
  }
  return 0;
}

}  // extern "C"
