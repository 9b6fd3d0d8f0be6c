using BigPanda.LocalHost.Options;

namespace BigPanda.Functions.Tests.Hosting;

public sealed class CommandLineTests
{
    [Fact]
    public void Without_arguments_the_default_ports_and_a_simulator_are_used()
    {
        var command = CommandLineParser.Parse([]);

        Assert.Equal(new CommandLine(), command);
        Assert.True(command.WantsSimulator);
    }

    [Theory]
    [InlineData("--port", "8080")]
    [InlineData("--port=8080")]
    [InlineData("--port=9090", "--port", "8080")]
    public void A_port_is_given_with_a_space_or_an_equals_sign_and_the_last_one_counts(params string[] args) =>
        Assert.Equal(8080, CommandLineParser.Parse(args).Port);

    [Fact]
    public void Every_option_is_read()
    {
        var command = CommandLineParser.Parse(
            ["--port", "0", "--simulator-port=1234", "--data", "some/folder", "--bigpanda-url", "https://api.example.com"]);

        Assert.Equal(
            new CommandLine
            {
                Port = 0,
                SimulatorPort = 1234,
                DataDirectory = "some/folder",
                BigPandaUrl = new Uri("https://api.example.com"),
            },
            command);
        Assert.True(CommandLineParser.Parse(["--demo"]).Demo);
        Assert.True(CommandLineParser.Parse(["--sign-in"]).SignsIn);
        Assert.True(CommandLineParser.Parse(["-h"]).Help);
        Assert.True(CommandLineParser.Parse(["--demo", "--no-simulator", "--help"]).Help);
    }

    [Theory]
    [InlineData(false, "--no-simulator")]
    [InlineData(false, "--bigpanda-url", "http://localhost:9000")]
    [InlineData(true, "--bigpanda-url", "http://localhost:9000", "--simulator-port", "9001")]
    [InlineData(false, "--no-simulator", "--simulator-port", "9001")]
    public void Another_BigPanda_replaces_the_simulator_unless_its_port_is_given(bool wanted, params string[] args) =>
        Assert.Equal(wanted, CommandLineParser.Parse(args).WantsSimulator);

    [Theory]
    [InlineData("Unknown option --prot.", "--prot")]
    [InlineData("Unknown option serve.", "serve")]
    [InlineData("--port needs a value.", "--port")]
    [InlineData("--port needs a value.", "--port", "--demo")]
    [InlineData("--data needs a value.", "--data=")]
    [InlineData("--demo takes no value.", "--demo=yes")]
    [InlineData("--port must be a number from 0 to 65535 (0: any free port), not http.", "--port", "http")]
    [InlineData("--port must be a number from 0 to 65535 (0: any free port), not 65536.", "--port=65536")]
    [InlineData("--simulator-port must be a number from 0 to 65535 (0: any free port), not -1.", "--simulator-port", "-1")]
    [InlineData("--port and --simulator-port must differ.", "--port=9000", "--simulator-port=9000")]
    [InlineData("--port and --simulator-port must differ.", "--port=7072")]
    [InlineData("--bigpanda-url must be an https address (http only for this machine), not http://api.example.com.", "--bigpanda-url=http://api.example.com")]
    [InlineData("--bigpanda-url must be an https address (http only for this machine), not api.example.com.", "--bigpanda-url", "api.example.com")]
    [InlineData("--demo plays against the simulators: leave out --no-simulator and --bigpanda-url.", "--demo", "--no-simulator")]
    public void A_wrong_argument_is_named(string sentence, params string[] args) =>
        Assert.Equal(sentence, Assert.Throws<UsageException>(() => CommandLineParser.Parse(args)).Message);

    [Theory]
    [InlineData("--port=7072", "--no-simulator")]
    [InlineData("--port=0", "--simulator-port=0")]
    [InlineData("--demo", "--port=7072")]
    public void Equal_ports_matter_only_when_both_are_used(params string[] args) => CommandLineParser.Parse(args);
}
