// How the mock host finds the callbacks of a filter that is compiled for the build machine.
#pragma once

namespace sluice::abi {

/// One callback of a filter that is compiled for the build machine. A shared library has no WebAssembly exports; it has
/// one function instead, `sluice_native_exports`, of type NativeExportsFunction, which returns a list of these.
struct NativeExport {
  const char* name;    ///< The callback's ABI name, such as "proxy_on_request_headers".
  void (*function)();  ///< Cast it to `abi::type::<name>*` before the call.
  NativeExport* next;  ///< The next entry, or null.
};
/// Returns the first entry of the list of callbacks; the list lives as long as the library is loaded.
using NativeExportsFunction = const NativeExport*();

}  // namespace sluice::abi
