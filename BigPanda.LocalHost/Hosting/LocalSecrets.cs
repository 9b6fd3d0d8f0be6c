using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace BigPanda.LocalHost.Hosting;

/// <summary>The keys of this host, created once, so that callback URLs and curl lines work after a restart.</summary>
internal sealed record LocalSecrets(string FunctionKey, string BearerToken, string SimulatorKey)
{
    /// <summary>Null until they are created: a folder of an earlier version has none.</summary>
    private PagerDutySecrets? _pagerDuty;

    public PagerDutySecrets PagerDuty { get => _pagerDuty ??= PagerDutySecrets.Create(); init => _pagerDuty = value; }

    public const string FileName = "secrets.json";

    public static LocalSecrets LoadOrCreate(string directory)
    {
        var path = Path.Combine(directory, FileName);
        var secrets = File.Exists(path) ? Load(path) : new LocalSecrets(NewSecret(), NewSecret(), NewSecret());
        if (secrets._pagerDuty is null)
            PrivateFile.Write(path, secrets, HostingJson.Default.LocalSecrets);
        return secrets;
    }

    private static LocalSecrets Load(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (JsonSerializer.Deserialize(file, HostingJson.Default.LocalSecrets)
                is { FunctionKey.Length: > 0, BearerToken.Length: > 0, SimulatorKey.Length: > 0 } secrets)
                return secrets;
        }
        catch (JsonException)
        {
            // Thrown below.
        }

        throw new LocalHostException($"{path} does not hold the keys of this host: delete it to get new ones.");
    }

    internal static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    // A record prints its members; secrets must not reach a log.
    public override string ToString() => nameof(LocalSecrets);
}

/// <summary>The keys of the simulated PagerDuty.</summary>
/// <param name="RoutingKey">32 letters and digits.</param>
internal sealed record PagerDutySecrets(string RoutingKey, string RestKey, string WebhookSecret)
{
    public static PagerDutySecrets Create() =>
        new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), LocalSecrets.NewSecret(), LocalSecrets.NewSecret());

    public override string ToString() => nameof(PagerDutySecrets);
}
