# What all pictures have in common. Variables given by the caller: format (svg or png), picture (the file to write),
# heading, scenario, entity, trials, nothing (1 when there is nothing to draw), nothing_words.

set encoding utf8
if (format eq "svg") {
    set terminal svg size 1200,750 noenhanced background rgb "white" font "DejaVu Sans,16" linewidth 1.2
    heading_font = ",26"
} else {
    set terminal pngcairo size 1200,750 noenhanced background rgb "white" font "DejaVu Sans,12" linewidth 1.6
    heading_font = ",20"
}
set output picture

# The colours of Okabe and Ito, told apart with any colour vision.
black = 0x222222; grey = 0x8a8a8a; blue = 0x0072b2; orange = 0xd55e00; green = 0x009e73; pink = 0xcc79a7
sky = 0x56b4e9; yellow = 0xe69f00

set datafile separator ","
set datafile columnheaders
set border 3 linecolor rgb grey
set tics nomirror textcolor rgb black
set grid xtics ytics linecolor rgb "#dddddd" linetype 1 linewidth 0.6
set lmargin 13
set rmargin 4
set tmargin 6
set bmargin 5
set label 1 heading at screen 0.02, screen 0.955 left font heading_font textcolor rgb black noenhanced
set label 2 sprintf("%s · %s · %s trials", scenario, entity, trials) at screen 0.02, screen 0.905 left \
    textcolor rgb "#555555" noenhanced

# Does the line belong to the as-stated run of the entity drawn? (gnuplot wants an argument.)
stated(dummy) = stringcolumn("Entity") eq entity && stringcolumn("Kind") eq kind && stringcolumn("Policy") eq "as_stated" \
    && stringcolumn("Sampling") eq "stated" && column("Year") == year

# An empty cell is not drawn.
given(name) = strlen(stringcolumn(name)) > 0

# An empty frame that says why it is empty. Expects the axes to be labelled already.
draw_nothing = 'unset key; set xrange [0:1]; set yrange [0:1]; unset logscale; unset xtics; unset ytics; unset grid; ' \
    . 'set label 3 nothing_words at graph 0.5, graph 0.5 center font heading_font textcolor rgb grey noenhanced; plot NaN notitle'

# Curves are first cut out of the tables, so that what belongs to no curve is not in their way; then they are drawn. A
# cut begins with a line of nothing: gnuplot knows no empty data block.
cut(name) = sprintf('set print %s; print "NaN NaN NaN"; unset print; set table %s append', name, name)
draw_cuts = 'unset table; unset datafile columnheaders; set datafile separator whitespace'
