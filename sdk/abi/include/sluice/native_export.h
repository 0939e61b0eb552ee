// How a filter compiled for the build machine shows its callbacks to the mock host.
#pragma once

namespace sluice::abi {

/// One callback of a filter that is compiled for the build machine. A shared library has no WebAssembly exports; it has
/// one function instead, `sluice_native_exports`, of type NativeExportsFunction, which returns a list of these.
struct NativeExport {
  const char* name;    ///< The callback's ABI name, such as "proxy_on_request_headers".
  void (*function)();  ///< To be cast to `abi::type::<name>*` before it is called.
  NativeExport* next;  ///< The next entry, or null.
};
/// Returns the first entry of the list of callbacks; the list lives as long as the library is loaded.
using NativeExportsFunction = const NativeExport*();

}  // namespace sluice::abi
