// How much a run of letters looks like words: what tells "feathersdemo" from "qzkvhtnwrexj".
//
// Two tables over the letters a-z, counted in the words of source code and its documentation: the
// log-odds of each pair of letters against chance, and the set of the common triples.
#pragma once

#include <string_view>

namespace stanch::scan {

struct Letters {
    double odds = 0;       // mean log2 odds of a pair of neighbours against chance; words about +1,
                           // random letters about -2
    double common = 0;     // share of the triples that are common in words; words about 0.8, random
                           // letters about 0.1
    std::size_t pairs = 0; // how many neighbours were looked at: none, and the rest says nothing
};

// Of all runs of letters in the text, whatever their case.
Letters look_of_letters(std::string_view text);

} // namespace stanch::scan
