# What oracles_test.py asks, one process for all inputs: the driver of the differential fuzzer.
add_executable(dotenv_batch ${CMAKE_SOURCE_DIR}/fuzz/dotenv_batch/main.cc)
set_target_properties(dotenv_batch PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
target_include_directories(dotenv_batch PRIVATE ${CMAKE_SOURCE_DIR}/src)
target_link_libraries(dotenv_batch PRIVATE stanch_env stanch_core)
