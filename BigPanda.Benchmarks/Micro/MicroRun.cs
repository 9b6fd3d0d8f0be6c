using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using BigPanda.Benchmarks.Support;

namespace BigPanda.Benchmarks.Micro;

internal static class MicroRun
{
    public static int Run(string[] filters)
    {
        // In this process, because BenchmarkDotNet's generated project would not know this build's mode.
        var config = DefaultConfig.Instance
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "bigpanda-benchmarks"));
        string[] arguments = ["--filter", .. filters.Length == 0 ? ["*"] : filters.Select(filter => $"*{filter}*")];
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroRun).Assembly).Run(arguments, config).ToArray();
        var code = Bar.Print(MicroBars.Of(summaries));
        return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : code;
    }
}
