# Who pays by return period of the claim, from payers.csv: stacked bars, in the order of payment from below.
# Beside the variables of style.gp: scripts (folder), kind, payers (names of the payers, in order).

load scripts . '/style.gp'

set xlabel "Return period of the year's claim (years)"
set ylabel "Share of the claim (%)"
if (nothing) { eval draw_nothing; unset output; exit }

# Each return period of the table has a place on the axis, in the table's order.
customers(dummy) = stated(0) && stringcolumn("Fund") eq "customers"
set table $periods
plot 'payers.csv' using (column("ReturnPeriod")):(given("Share") ? 1 : 0) with table if (customers(0))
unset table
place(years) = sum [i = 1:|$periods|] (real(word($periods[i], 1)) == years ? i : 0)

colour(i) = i == words(payers) ? 0xd55e00 \
    : int(word("0x009e73 0x0072b2 0x56b4e9 0xe69f00 0xcc79a7 0xf0e442 0x999999", 1 + (i - 1) % 7))
at(name) = stated(0) && stringcolumn("Fund") eq name && given("Share") ? place(column("ReturnPeriod")) : NaN
from(dummy) = 100 * column("ShareBefore")
to(dummy) = 100 * (column("ShareBefore") + column("Share"))
with_commas(text) = strlen(text) > 3 ? text[1:strlen(text) - 3] . "," . text[strlen(text) - 2:] : text
short(name) = strlen(name) > 20 ? name[1:19] . "…" : name

set xrange [0.4:|$periods| + 0.6]
set yrange [0:100]
set xtics ()
do for [i = 1:|$periods|] {
    set xtics add (with_commas(word($periods[i], 1)) i)
    if (word($periods[i], 2) eq "0") {
        set label 10 + i "no claim" at first i, first 3 left rotate by 90 textcolor rgb grey
    }
}
set grid noxtics
set rmargin 28
set key at screen 0.985, graph 0.75 right top Left reverse samplen 1.5 spacing 1.4 noenhanced invert
set style fill solid 0.9 noborder

plot for [i = 1:words(payers)] 'payers.csv' \
         using (at(word(payers, i))):(from(0)):(at(word(payers, i)) - 0.4):(at(word(payers, i)) + 0.4):(from(0)):(to(0)) \
         with boxxyerror linecolor rgb colour(i) title short(word(payers, i))
unset output
