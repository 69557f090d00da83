# Probability of shortfall against additional reserve, from shortfall.csv.
# Beside the variables of style.gp: scripts (folder), kind, scale (money on the axis is divided by it), unit, sized_at,
# deadline_days.

load scripts . '/style.gp'

set xlabel sprintf("Additional reserve, there on day 0 (%s)", unit)
set ylabel sprintf("Probability of a shortfall on day %g (% a year)", deadline_days)
if (nothing) { eval draw_nothing; unset output; exit }

# The axis is logarithmic: points without a shortfall in the run end a curve.
curve(basis) = stated(0) && stringcolumn("Basis") eq basis && given("Probability") && column("Probability") > 0
banded(basis) = curve(basis) && given("LowerCI") && given("UpperCI") && column("LowerCI") > 0
reserve(dummy) = column("ExtraReserve") / scale
percent(name) = 100 * column(name)

eval cut("$earmarked")
plot 'shortfall.csv' using (reserve(0)):(percent("Probability")) with table if (curve("earmarked"))
eval cut("$earmarked_band")
plot 'shortfall.csv' using (reserve(0)):(percent("LowerCI")):(percent("UpperCI")) with table if (banded("earmarked"))
eval cut("$all")
plot 'shortfall.csv' using (reserve(0)):(percent("Probability")) with table if (curve("all"))
eval cut("$all_band")
plot 'shortfall.csv' using (reserve(0)):(percent("LowerCI")):(percent("UpperCI")) with table if (banded("all"))
eval draw_cuts

allowed = 100 * (1 - sized_at)

set logscale y
set xrange [0:*]
set ytics ("100" 100, "10" 10, "1" 1, "0.1" 0.1, "0.01" 0.01, "0.001" 1e-3, "0.0001" 1e-4, "0.00001" 1e-5, \
    "0.000001" 1e-6, "0.0000001" 1e-7)
set arrow from graph 0, first allowed to graph 1, first allowed nohead linewidth 1 linecolor rgb black
set key bottom left Left reverse samplen 3 spacing 1.3 noenhanced

plot $earmarked_band using 1:2:3 with filledcurves fillcolor rgb yellow fillstyle transparent solid 0.3 noborder \
         notitle, \
     $all_band using 1:2:3 with filledcurves fillcolor rgb blue fillstyle transparent solid 0.25 noborder notitle, \
     $earmarked using 1:2 with linespoints linewidth 2.5 pointtype 4 pointsize 0.7 linecolor rgb yellow \
         title "Earmarked funds only, with 95 % interval", \
     $all using 1:2 with linespoints linewidth 2.5 pointtype 7 pointsize 0.6 linecolor rgb blue \
         title "All sources of funds, with 95 % interval", \
     allowed with lines linewidth 1 linecolor rgb black \
         title sprintf("%g %%: what %g %% confidence allows", allowed, 100 * sized_at)
unset output
