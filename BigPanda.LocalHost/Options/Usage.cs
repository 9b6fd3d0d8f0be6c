namespace BigPanda.LocalHost.Options;

internal static class Usage
{
    public const string Text = """
        Runs the BigPanda alert bridge on this machine: the functions, their queues and tables, and simulators of BigPanda and PagerDuty.

        Usage: ./run [options]

          --port N             port of the bridge (default 7071; 0: any free port)
          --simulator-port N   port of the simulators; PagerDuty's is under /pagerduty (default 7072; 0: any free port)
          --data DIR           folder for the tables, queues and keys (default .local)
          --no-simulator       do not start the simulators; PagerDuty is off
          --bigpanda-url URL   call this BigPanda instead of the simulator, and start no simulators unless their port is
                               given; connect its API key with PUT /api/connection
          --sign-in            people sign in to the console as with Entra ID, at a stand-in that asks for a role
          --demo               play one incident and its pages through the whole loop, then stop
          --help               show this text
        """;
}
