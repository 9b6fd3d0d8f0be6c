using System.Globalization;
using System.Text.Json;

namespace BigPanda.Benchmarks.Servers;

/// <summary>The child process: starts one server, prints its address, and ends with its standard input.</summary>
internal static class ServeCommand
{
    /// <summary>The line on standard input that is answered with the number of messages that wait or are in work.</summary>
    public const string Count = "count";

    public static async Task<int> RunAsync(string target, string folder, CancellationToken cancellationToken)
    {
        await using var server = await StartAsync(target, folder, cancellationToken);
        Console.WriteLine(JsonSerializer.Serialize(server.Target));
        while (await Console.In.ReadLineAsync(cancellationToken) is { } asked)
        {
            if (asked == Count) Console.WriteLine(server.Waiting.ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    private static Task<IServer> StartAsync(string target, string folder, CancellationToken cancellationToken) => target switch
    {
        "parse" => BareServer.StartAsync(null, cancellationToken),
        "fsync" => BareServer.StartAsync(new GroupCommitFile(Path.Combine(folder, "appended")), cancellationToken),
        "stub" => StubServer.StartAsync(cancellationToken),
        "host" => HostServer.StartAsync(folder, HostServer.WholeApp, cancellationToken),
        "intake" => HostServer.StartAsync(folder, HostServer.IntakeOnly, cancellationToken),
        "drain" => HostServer.StartAsync(folder, HostServer.IntakeAndDrain, cancellationToken),
        _ => throw new ArgumentException($"Unknown server {target}."),
    };
}
