using System.Globalization;

namespace BigPanda.Benchmarks.Load;

internal static class LoadCommand
{
    public static int Run(string url, string token, string[] plan)
    {
        var result = LoadGenerator.Run(
            Target.Of(new Uri(url), token), new LoadPlan(Number(plan, 0, 100_000), TimeSpan.FromMinutes(5), Number(plan, 1, 32)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{result.PerSecond:0} req/s, p50 {result.P50:0.00} ms, p99 {result.P99:0.00} ms, {result.Failed} refused"));
        return result.Failed == 0 ? 0 : 1;
    }

    private static int Number(string[] arguments, int at, int otherwise) =>
        arguments.Length > at ? int.Parse(arguments[at], CultureInfo.InvariantCulture) : otherwise;
}
