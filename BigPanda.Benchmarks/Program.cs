using BigPanda.Benchmarks.Apply;
using BigPanda.Benchmarks.Intake;
using BigPanda.Benchmarks.Memory;
using BigPanda.Benchmarks.Micro;
using BigPanda.Benchmarks.Servers;
using BigPanda.Benchmarks.Soak;
using BigPanda.Benchmarks.Start;
using BigPanda.Benchmarks.Support;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

return args switch
{
    ["micro", .. var filters] => MicroRun.Run(filters),
    ["intake", .. var only] => await IntakeRun.RunAsync(only, stop.Token),
    ["apply", .. var only] => await ApplyRun.RunAsync(only, stop.Token),
    ["memory"] => await MemoryRun.RunAsync(stop.Token),
    ["soak"] => await SoakRun.RunAsync(stop.Token),
    ["start"] => await StartRun.RunAsync(stop.Token),
    ["serve", var target, var folder] => await ServeCommand.RunAsync(target, folder, stop.Token),
    _ => Usage.Print(),
};
