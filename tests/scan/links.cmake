# The differential tests make their texts from the rules' own examples.
target_sources(scan_test PRIVATE ${CMAKE_SOURCE_DIR}/tools/rulec/template.cpp ${CMAKE_SOURCE_DIR}/tools/rulec/pieces.cpp
    ${CMAKE_SOURCE_DIR}/tests/scan/rule_texts.cpp)
target_include_directories(scan_test PRIVATE ${CMAKE_SOURCE_DIR}/tools)
target_link_libraries(scan_test PRIVATE stanch_catalog stanch_text stanch_os stanch_core)
