// proxy_wasm_intrinsics.h with typed messages of protobuf-lite.
#pragma once

#define PROXY_WASM_PROTOBUF_LITE 1
#include "proxy_wasm_intrinsics.h"
