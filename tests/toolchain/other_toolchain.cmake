# A toolchain file of a user's own: wasi.cmake under another name.
include($ENV{SLUICE_TEST_SOURCE_DIR}/toolchain/wasi.cmake)
