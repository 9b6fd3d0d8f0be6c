using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace BigPanda.LocalHost.Hosting;

/// <summary>The keys of this host, created once, so that callback URLs and curl lines work after a restart.</summary>
internal sealed record LocalSecrets(string FunctionKey, string BearerToken, string SimulatorKey)
{
    public const string FileName = "secrets.json";

    public static LocalSecrets LoadOrCreate(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (File.Exists(path))
            return Load(path);

        var secrets = new LocalSecrets(NewSecret(), NewSecret(), NewSecret());
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

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    // A record prints its members; secrets must not reach a log.
    public override string ToString() => nameof(LocalSecrets);
}
