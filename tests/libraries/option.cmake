# How much of what takes long to build is tested.
set(SLUICE_TEST_LIBRARIES light CACHE STRING "Recipes of docs/libraries.md and full runtimes of protobuf to test: none, light or all")
