# Loss of a year against its return period, from ept.csv.
# Beside the variables of style.gp: scripts (folder), kind, scale (money on the axis is divided by it), unit.

load scripts . '/style.gp'

set xlabel "Return period (years)"
set ylabel sprintf("Loss of a year (%s)", unit)
if (nothing) { eval draw_nothing; unset output; exit }

OEP = 1; AEP = 3 # EPType of Open Results Data
curve(type, perspective, basis) = stated(0) && column("EPType") == type && stringcolumn("Perspective") eq perspective \
    && stringcolumn("Basis") eq basis && given("Loss")
bounded(dummy) = given("LowerCI") && given("UpperCI")
years(dummy) = column("ReturnPeriod")
money(name) = column(name) / scale

eval cut("$taken")
plot 'ept.csv' using (years(0)):(money("Loss")) with table if (curve(AEP, "gross", "all"))
eval cut("$taken_band")
plot 'ept.csv' using (years(0)):(money("LowerCI")):(money("UpperCI")) with table \
    if (curve(AEP, "gross", "all") && bounded(0))
eval cut("$taken_open")
plot 'ept.csv' using (years(0)):(money("Loss")) with table if (curve(AEP, "gross", "all") && !bounded(0))
eval cut("$largest")
plot 'ept.csv' using (years(0)):(money("Loss")) with table if (curve(OEP, "gross", "all"))
eval cut("$earmarked")
plot 'ept.csv' using (years(0)):(money("Loss")) with table if (curve(AEP, "shortfall", "earmarked"))
eval cut("$short")
plot 'ept.csv' using (years(0)):(money("Loss")) with table if (curve(AEP, "shortfall", "all"))
eval cut("$short_band")
plot 'ept.csv' using (years(0)):(money("LowerCI")):(money("UpperCI")) with table \
    if (curve(AEP, "shortfall", "all") && bounded(0))
eval draw_cuts

set logscale x
set xrange [2:*]
set yrange [0:*]
set xtics (2, 5, 10, 20, 50, 100, 200, 500, "1,000" 1000, "2,000" 2000, "5,000" 5000, "10,000" 10000)
set key top left Left reverse samplen 3 spacing 1.3 noenhanced

plot $taken_band using 1:2:3 with filledcurves fillcolor rgb blue fillstyle transparent solid 0.25 noborder \
         title "95 % interval", \
     $short_band using 1:2:3 with filledcurves fillcolor rgb orange fillstyle transparent solid 0.25 noborder notitle, \
     $taken using 1:2 with lines linewidth 2.5 linecolor rgb blue title "Taken in a year (AEP)", \
     $largest using 1:2 with lines linewidth 2 dashtype 2 linecolor rgb black title "Largest theft of a year (OEP)", \
     $earmarked using 1:2 with lines linewidth 2.5 dashtype 4 linecolor rgb yellow \
         title "Shortfall, earmarked funds only (AEP)", \
     $short using 1:2 with lines linewidth 2.5 linecolor rgb orange title "Shortfall, all sources of funds (AEP)", \
     $taken_open using 1:2 with points pointtype 6 pointsize 1.3 linewidth 2 linecolor rgb blue \
         title |$taken_open| > 1 ? "More trials needed to bound this point" : ""
unset output
