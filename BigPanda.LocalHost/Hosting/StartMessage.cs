namespace BigPanda.LocalHost.Hosting;

/// <summary>Printed once the host is up: its addresses and keys, and commands to paste.</summary>
internal static class StartMessage
{
    public static string For(Setup setup, Uri signInLink, Uri? bigPandaUrl)
    {
        var alerts = $"{setup.BaseUrl.OriginalString}/api/alerts";
        var simulator = setup.SimulatorUrl?.OriginalString.TrimEnd('/');
        var bigPanda = simulator is null
            ? bigPandaUrl is null ? "none" : bigPandaUrl.OriginalString
            : $"{simulator} (simulator)";
        var pagerDuty = setup.PagerDutyUrl?.OriginalString.TrimEnd('/');
        var message = $"""

            The console: {signInLink.OriginalString}
            {(signInLink.Fragment.Length > 0 ? OnceText : "Choose a role there: it stands in for a sign-in with Entra ID.")}

            The bridge is running.
              Bridge        {setup.BaseUrl.OriginalString}
              BigPanda      {bigPanda}
              PagerDuty     {(pagerDuty is null ? "none" : $"{pagerDuty} (simulator)")}
              Callback URL  {setup.CallbackUrl.OriginalString}
              Bearer token  {setup.BearerToken}
              Function key  {setup.FunctionKey}

            Send an incident, as BigPanda does:
              curl -sS -X POST "{setup.CallbackUrl.OriginalString}" -H "Authorization: Bearer {setup.BearerToken}" {Json} --data-binary @{Sample}
            List the alerts:
              curl -sS "{alerts}" -H "x-functions-key: {setup.FunctionKey}"
            Resolve one (put its incidentId in place of INCIDENT):
              curl -sS -X POST "{alerts}/INCIDENT/resolve" -H "x-functions-key: {setup.FunctionKey}" {Json} -d "{Comment}"

            """;
        if (simulator is null)
            return $"""
                {message}Connect BigPanda with the API key of a service account (put it in place of KEY):
                  curl -sS -X PUT "{setup.BaseUrl.OriginalString}/api/connection" -H "x-functions-key: {setup.FunctionKey}" {Json} -d "{Key}"

                """;
        return $"""
            {message}List the requests that the simulator received:
              curl -sS "{simulator}/_simulator/requests"
            {(pagerDuty is null ? "" : PagerDutyCommands(pagerDuty))}
            """;
    }

    private static string PagerDutyCommands(string pagerDuty) => $"""
        List the incidents in the simulated PagerDuty:
          curl -sS "{pagerDuty}/_simulator/incidents"
        Resolve one there (put its id in place of ID):
          curl -sS -X POST "{pagerDuty}/_simulator/incidents/ID/resolve" {Json} -d "{Person}"

        """;

    private const string Json = "-H \"Content-Type: application/json\"";

    private const string OnceText = "The link signs in once, within a quarter of an hour. After that sign in with the function key.";

    private const string Sample = "BigPanda.Functions.Tests/Samples/bigpanda/incident-new.json";

    // Escaped for bash, PowerShell's curl.exe and cmd alike.
    private const string Key = """{\"apiKey\":\"KEY\"}""";

    private const string Person = """{\"by\":\"Grace\",\"note\":\"Fixed\"}""";

    private const string Comment = """{\"comment\":\"Fixed\",\"actor\":\"me@example.com\"}""";
}
